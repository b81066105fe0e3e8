package dev.tollgate.meter;

import dev.tollgate.health.HealthEvents;
import dev.tollgate.health.TargetState;
import dev.tollgate.health.Verdict.Kind;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Counts what becomes of targets, and shows how they stand. Targets are labelled as the configuration names them: those whose
 * model a caller chose are one, named {@code PROVIDER/*}, of which the worst is shown.
 */
final class HealthMetrics implements HealthEvents {
    private final PrometheusRegistry registry;
    private final Counter opened;
    private final Counter cooled;

    /** A target, as it is labelled, and one of its credentials. */
    private record Labels(String target, String credential) {}

    HealthMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        this.opened = Counter.builder()
                .name("tollgate_circuit_opened_total")
                .help("Circuits opened: a target, or the address of its provider, is let be for a while.")
                .labelNames("provider")
                .withoutExemplars()
                .register(registry);
        this.cooled = Counter.builder()
                .name("tollgate_credential_cooldowns_total")
                .help("Times that a credential was let be for a while, by the reason.")
                .labelNames("provider", "kind")
                .withoutExemplars()
                .register(registry);
    }

    @Override
    public void opened(String provider) {
        opened.labelValues(provider).inc();
    }

    @Override
    public void cooled(String provider, Kind kind) {
        cooled.labelValues(provider, kind.name().toLowerCase(Locale.ROOT)).inc();
    }

    void show(Supplier<List<TargetState>> states) {
        GaugeWithCallback.builder()
                .name("tollgate_circuit_state")
                .help("The circuit of a target with one credential: 0 closed, 1 half-open, 2 open.")
                .labelNames("target", "credential")
                .callback(gauge -> circuits(states.get())
                        .forEach((labels, state) -> gauge.call(state, labels.target(), labels.credential())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("tollgate_target_in_flight")
                .help("Calls under way at a target.")
                .labelNames("target")
                .callback(gauge -> inFlight(states.get()).forEach((target, calls) -> gauge.call(calls, target)))
                .register(registry);
    }

    private static Map<Labels, Integer> circuits(List<TargetState> states) {
        Map<Labels, Integer> worst = new HashMap<>();
        states.forEach(state -> worst.merge(
                new Labels(label(state), state.credential()), state.circuit().figure(), Math::max));
        return worst;
    }

    /** A target has as many states as credentials, each with all its calls. */
    private static Map<String, Integer> inFlight(List<TargetState> states) {
        Map<String, Integer> byTarget = new HashMap<>();
        states.forEach(state -> byTarget.put(state.label(), state.inFlight()));
        Map<String, Integer> byLabel = new HashMap<>();
        states.forEach(state -> {
            Integer calls = byTarget.remove(state.label());
            byLabel.merge(label(state), calls == null ? 0 : calls, Integer::sum);
        });
        return byLabel;
    }

    private static String label(TargetState state) {
        return state.isConfigured() ? state.label() : state.provider() + "/*";
    }
}
