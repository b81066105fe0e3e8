package dev.tollgate.route;

import dev.tollgate.config.Settings.Traits;
import dev.tollgate.provider.Provider;

/**
 * A target that may answer a call: a provider, and its own name for the model, which is empty where a call concerns none.
 *
 * @param weight its share of the calls, against the weights of its neighbours
 * @param traits what sets it apart from them
 * @param fallback whether it is asked only when the targets proper cannot be
 */
public record Candidate(Provider provider, String model, int weight, Traits traits, boolean fallback) {

    /** A target like any other. */
    public Candidate(Provider provider, String model) {
        this(provider, model, 1, Traits.NONE, false);
    }

    /** The target as headers, records and metrics name it. */
    public String label() {
        return model.isEmpty() ? provider.name() : provider.name() + "/" + model;
    }
}
