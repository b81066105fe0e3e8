package dev.tollgate.meter;

import dev.tollgate.config.Settings.Mode;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.limit.LimitEvents;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Counts what happens at limits. Labels are closed vocabularies: whose limit it was stands in the log. */
final class LimitMetrics implements LimitEvents {
    private final Counter refusals;
    private final Counter thresholds;

    LimitMetrics(PrometheusRegistry registry) {
        this.refusals = Counter.builder()
                .name("tollgate_limit_refusals_total")
                .help("Calls that a limit refused, or in shadow mode would have.")
                .labelNames("per", "unit", "mode")
                .withoutExemplars()
                .register(registry);
        this.thresholds = Counter.builder()
                .name("tollgate_budget_threshold_total")
                .help("Thresholds of budgets that have been passed, each once in a window.")
                .labelNames("per")
                .withoutExemplars()
                .register(registry);
    }

    @Override
    public void threshold(Per per, String whose, String message) {
        thresholds.labelValues(word(per)).inc();
    }

    @Override
    public void refused(Per per, String unit, Mode mode, String limit, String message) {
        refusals.labelValues(word(per), unit, word(mode)).inc();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
