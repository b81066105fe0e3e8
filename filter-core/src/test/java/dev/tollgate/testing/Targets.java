package dev.tollgate.testing;

import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.net.URI;
import java.util.Map;

/** Targets that exist only in tests. */
public final class Targets {
    private Targets() {}

    /** A model of a provider of this family that speaks one dialect. */
    public static Candidate of(String family, String dialect, String model, Quirks quirks) {
        Provider provider = new Provider(
                "p",
                family,
                URI.create("http://127.0.0.1:1/v1"),
                Way.chat(Map.of(dialect, "/chat")),
                new Credential.None(),
                quirks);
        return new Candidate(provider, model);
    }
}
