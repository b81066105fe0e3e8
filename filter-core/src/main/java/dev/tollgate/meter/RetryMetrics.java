package dev.tollgate.meter;

import dev.tollgate.retry.RetryBudget;
import dev.tollgate.retry.RetryEvents;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Counts what is tried again. Labels are closed vocabularies. */
final class RetryMetrics implements RetryEvents {
    private final Counter retries;
    private final Counter refusals;
    private final Counter fallbacks;
    private final Counter hedges;

    RetryMetrics(PrometheusRegistry registry) {
        this.retries = counter(
                registry, "tollgate_retries_total", "Calls that were tried once more, by what went wrong.", "reason");
        this.refusals = counter(
                registry,
                "tollgate_retries_refused_total",
                "Calls that were not tried once more since too many were, by whose budget was spent.",
                "budget");
        this.fallbacks = counter(
                registry,
                "tollgate_fallbacks_total",
                "Calls that went to other targets than they were meant for.",
                "kind");
        this.hedges = counter(
                registry, "tollgate_hedges_total", "Second attempts beside slow first ones, by outcome.", "outcome");
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help, String label) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .withoutExemplars()
                .register(registry);
    }

    @Override
    public void retried(String reason) {
        retries.labelValues(reason).inc();
    }

    @Override
    public void refused(RetryBudget.Spent whose) {
        refusals.labelValues(word(whose)).inc();
    }

    @Override
    public void fellBack(Fallback why) {
        fallbacks.labelValues(word(why)).inc();
    }

    @Override
    public void hedged(Hedge outcome) {
        hedges.labelValues(word(outcome)).inc();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
