package dev.tollgate.health;

import dev.tollgate.health.Verdict.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a target stands with one of its credentials, for pages and metrics.
 *
 * @param model the provider's name for the model; empty where there is none
 * @param isConfigured whether the configuration names the target; otherwise a caller chose the model
 * @param coolingFor how long the credential is let be; nothing where it is not
 * @param inFlight calls under way at the target, whatever their credential
 * @param firstTokenNanos the target's time to first token, in nanoseconds
 * @param lastFailure what it failed with last, or null
 */
public record TargetState(
        String provider,
        String model,
        String credential,
        boolean isConfigured,
        Circuit circuit,
        Optional<Duration> coolingFor,
        int inFlight,
        OptionalLong firstTokenNanos,
        @Nullable Kind lastFailure) {

    /** The state of a circuit. */
    public enum Circuit {
        CLOSED(0),
        HALF_OPEN(1),
        OPEN(2);

        private final int figure;

        Circuit(int figure) {
            this.figure = figure;
        }

        /** Its number in metrics, the worse the higher. */
        public int figure() {
            return figure;
        }
    }

    /** The target as headers, records and metrics name it. */
    public String label() {
        return model.isEmpty() ? provider : provider + "/" + model;
    }
}
