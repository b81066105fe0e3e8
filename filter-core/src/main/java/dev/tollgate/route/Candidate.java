package dev.tollgate.route;

import dev.tollgate.provider.Provider;

/** A target that may answer a call: a provider, and its own name for the model, which is empty where a call concerns none. */
public record Candidate(Provider provider, String model) {

    /** The target as headers, records and metrics name it. */
    public String label() {
        return model.isEmpty() ? provider.name() : provider.name() + "/" + model;
    }
}
