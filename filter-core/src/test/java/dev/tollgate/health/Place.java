package dev.tollgate.health;

import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Handling.Circuit;
import dev.tollgate.provider.Handling.HealthCheck;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.route.Candidate;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A provider in tests of health. */
record Place(String name, String url, Circuit circuit, List<NamedCredential> pool, boolean isChecked) {

    static Place of(String name) {
        return new Place(name, "http://" + name + ".test/v1", Circuit.DEFAULT, List.of(), false);
    }

    Place on(Circuit terms) {
        return new Place(name, url, terms, pool, isChecked);
    }

    Place at(String other) {
        return new Place(name, other, circuit, pool, isChecked);
    }

    Place checked() {
        return new Place(name, url, circuit, pool, true);
    }

    /** With a pool of credentials of these names, all of weight 1. */
    Place pool(String... names) {
        return new Place(name, url, circuit, Stream.of(names).map(Place::key).toList(), isChecked);
    }

    Place pool(NamedCredential... credentials) {
        return new Place(name, url, circuit, List.of(credentials), isChecked);
    }

    static NamedCredential key(String name) {
        return key(name, 1);
    }

    static NamedCredential key(String name, int weight) {
        return new NamedCredential(name, new Credential.Bearer(new Secret("sk-" + name)), weight);
    }

    Provider provider() {
        Optional<HealthCheck> check = isChecked
                ? Optional.of(new HealthCheck("/models", Duration.ofSeconds(10), Duration.ofSeconds(2)))
                : Optional.empty();
        Handling handling = new Handling(pool, Handling.Transport.DEFAULT, Handling.OnAbort.CANCEL, circuit, check);
        return new Provider(name, name, URI.create(url), List.of(), new Credential.None(), Quirks.NONE)
                .handled(handling);
    }

    Candidate model(String model) {
        return new Candidate(provider(), model);
    }

    NamedCredential credential() {
        return provider().credentials().get(0);
    }
}
