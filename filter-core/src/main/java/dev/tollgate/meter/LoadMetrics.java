package dev.tollgate.meter;

import dev.tollgate.config.Settings.Priority;
import dev.tollgate.load.LoadEvents;
import dev.tollgate.load.MeasuredLoad;
import dev.tollgate.load.Reason;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;

/** Counts calls that are refused because of how much there is to do, and shows how much that is. */
final class LoadMetrics implements LoadEvents {
    private final PrometheusRegistry registry;
    private final Counter shed;

    LoadMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        this.shed = Counter.builder()
                .name("tollgate_shed_total")
                .help("Calls refused because the gateway, or every target of theirs, had too much to do.")
                .labelNames("reason", "priority")
                .withoutExemplars()
                .register(registry);
    }

    @Override
    public void shed(Reason reason, Priority priority) {
        shed.labelValues(word(reason), word(priority)).inc();
    }

    void show(MeasuredLoad load) {
        gauge("tollgate_heap_needed_percent", "The heap in use by what is still needed.", load::heapPercent);
        gauge("tollgate_descriptors_percent", "The file descriptors that are open.", load::descriptorPercent);
        GaugeWithCallback.builder()
                .name("tollgate_requests_held_bytes")
                .help("The memory that requests under way are taken to need.")
                .callback(gauge -> gauge.call((double) load.heldBytes()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("tollgate_target_limit")
                .help(
                        "The most calls at a time that the most limited target of a provider is given; absent while none is limited.")
                .labelNames("provider")
                .callback(gauge -> load.limitsByProvider().forEach((provider, limit) -> gauge.call(limit, provider)))
                .register(registry);
    }

    private void gauge(String name, String help, IntSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.getAsInt()))
                .register(registry);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
