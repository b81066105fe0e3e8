package dev.tollgate.config;

import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Handling.Circuit;
import dev.tollgate.provider.Handling.HealthCheck;
import dev.tollgate.provider.Handling.OnAbort;
import dev.tollgate.provider.Handling.Transport;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The settings of a provider that say how it is reached, and when it is let be. */
final class HandlingSettings {
    private static final Scalar<Duration> WHILE = Scalars.duration(Duration.ZERO, Duration.ofHours(1));

    private static final Setting<Circuit, Boolean> ON =
            Setting.withDefault("on", Scalars.BOOLEAN, Circuit.DEFAULT.on(), Circuit::on, "`false` never lets it be.");
    private static final Setting<Circuit, Long> FAILURES = Setting.withDefault(
            "failures",
            Scalars.count(1, 1_000),
            (long) Circuit.DEFAULT.failures(),
            circuit -> (long) circuit.failures(),
            "As many failures in a row let it be at once; of as many calls at least the percentages are taken.");
    private static final Setting<Circuit, Integer> FAILURE_PERCENT = percent(
            "failure-percent",
            Circuit::failurePercent,
            "Failures of a hundred of the last calls, from which on it is let be.");
    private static final Setting<Circuit, Duration> SLOW = Setting.withDefault(
            "slow",
            WHILE,
            Circuit.DEFAULT.slow(),
            Circuit::slow,
            "The time to the first token from which on a call is slow. `0s` for never.");
    private static final Setting<Circuit, Integer> SLOW_PERCENT = percent(
            "slow-percent",
            Circuit::slowPercent,
            "Slow calls of a hundred of the last calls, from which on it is let be.");
    private static final Setting<Circuit, Duration> OPEN = Setting.withDefault(
            "open",
            Scalars.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            Circuit.DEFAULT.open(),
            Circuit::open,
            "How long it is let be the first time; longer each time that it fails again, up to ten times that.");
    private static final Setting<Circuit, Duration> SLOW_START = Setting.withDefault(
            "slow-start",
            WHILE,
            Circuit.DEFAULT.slowStart(),
            Circuit::slowStart,
            "How long it takes afterwards to get its full share of the calls again. `0s` for at once.");
    private static final Section<Circuit> CIRCUIT_SECTION = new Section<>(
            "When a target of the provider is let be for a while. The last one that a call could go to never is.",
            List.of(ON, FAILURES, FAILURE_PERCENT, SLOW, SLOW_PERCENT, OPEN, SLOW_START),
            Set.of(),
            HandlingSettings::circuit);

    private static final Setting<HealthCheck, String> PATH = Setting.required(
            "path",
            Scalars.path("/models"),
            HealthCheck::path,
            "What is asked for with GET, below `base-url`. Any answer below 500 but 401 and 403 is well.");
    private static final Setting<HealthCheck, Duration> EVERY = Setting.withDefault(
            "every",
            Scalars.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
            Duration.ofSeconds(30),
            HealthCheck::every,
            "How often.");
    private static final Setting<HealthCheck, Duration> WITHIN = Setting.withDefault(
            "within",
            Scalars.duration(Duration.ofMillis(10), Duration.ofMinutes(1)),
            Duration.ofSeconds(5),
            HealthCheck::within,
            "How long the answer may take.");
    private static final Section<HealthCheck> HEALTH_SECTION = new Section<>(
            "How a provider is asked whether it is well. Without this section it is not asked; calls tell.",
            List.of(PATH, EVERY, WITHIN),
            Set.of(),
            HandlingSettings::healthCheck);

    private static final Setting<Provider, Transport> CONNECTION = Setting.withDefault(
            "connection",
            ConnectionSettings.CONNECTION,
            Transport.DEFAULT,
            of(Handling::transport),
            "How connections to it are made.");
    private static final Setting<Provider, OnAbort> ON_ABORT = Setting.withDefault(
            "on-abort",
            Scalars.choice(OnAbort.class),
            OnAbort.CANCEL,
            of(Handling::onAbort),
            "What becomes of an answer whose caller has left: `cancel` ends it at once; `drain` reads on for a while, so that the "
                    + "provider's own word on what it cost is heard.");
    private static final Setting<Provider, Circuit> CIRCUIT = Setting.withDefault(
            "circuit", CIRCUIT_SECTION, Circuit.DEFAULT, of(Handling::circuit), "When it is let be for a while.");
    private static final Setting<Provider, HealthCheck> HEALTH_CHECK = Setting.optional(
            "health-check",
            HEALTH_SECTION,
            of(Handling::healthCheck),
            "How it is asked whether it is well. Not at all by default.");

    static final List<Setting<Provider, ?>> ALL = List.of(CONNECTION, ON_ABORT, CIRCUIT, HEALTH_CHECK);

    private HandlingSettings() {}

    private static Setting<Circuit, Integer> percent(String key, Function<Circuit, Integer> getter, String about) {
        return Setting.withDefault(key, Scalars.percent(1, 100), getter.apply(Circuit.DEFAULT), getter, about);
    }

    private static <T> Function<Provider, T> of(Function<Handling, T> getter) {
        return provider -> getter.apply(provider.handling());
    }

    /** @param pool the credentials to take turns with; empty where there is one */
    static Handling read(Values values, List<NamedCredential> pool) {
        Optional<HealthCheck> check = values.find(HEALTH_CHECK);
        return new Handling(pool, values.get(CONNECTION), values.get(ON_ABORT), values.get(CIRCUIT), check);
    }

    private static Circuit circuit(Values values) {
        return new Circuit(
                values.get(ON),
                Math.toIntExact(values.get(FAILURES)),
                values.get(FAILURE_PERCENT),
                values.get(SLOW),
                values.get(SLOW_PERCENT),
                values.get(OPEN),
                values.get(SLOW_START));
    }

    private static HealthCheck healthCheck(Values values) {
        HealthCheck check = new HealthCheck(values.get(PATH), values.get(EVERY), values.get(WITHIN));
        if (check.within().compareTo(check.every()) > 0) {
            values.problem(WITHIN, "longer than the time between two checks, which is " + Amounts.show(check.every()));
        }
        return check;
    }
}
