package dev.tollgate.health;

import dev.tollgate.health.Verdict.Kind;

/** Told of what becomes of targets, for whoever watches over them. */
public interface HealthEvents {

    /** A circuit of a provider's was opened. */
    void opened(String provider);

    /** A credential is let be for a while, at one target or at all of its provider's. */
    void cooled(String provider, Kind kind);

    /** Nobody is told. */
    HealthEvents NONE = new HealthEvents() {
        @Override
        public void opened(String provider) {}

        @Override
        public void cooled(String provider, Kind kind) {}
    };
}
