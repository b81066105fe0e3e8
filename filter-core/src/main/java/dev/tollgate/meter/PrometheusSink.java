package dev.tollgate.meter;

import dev.tollgate.chat.Usage;
import dev.tollgate.health.HealthEvents;
import dev.tollgate.health.TargetState;
import dev.tollgate.limit.LimitEvents;
import dev.tollgate.load.LoadEvents;
import dev.tollgate.load.MeasuredLoad;
import dev.tollgate.retry.RetryEvents;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls in the form that Prometheus reads, in a registry of its own. Labels are taken from the configuration and from
 * closed vocabularies only: a configured model's name or pattern, a provider's name, a dialect, a status, an error code. So
 * the number of series does not depend on what callers send.
 */
public final class PrometheusSink implements CallSink {
    private static final String NONE = "none";
    private static final double NANO = 1e-9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();

    private final Counter calls = counter(
            "tollgate_calls_total", "Calls that ended, by outcome.", "dialect", "model", "provider", "status", "error");
    private final Counter attempts =
            counter("tollgate_attempts_total", "Requests to providers, by outcome.", "provider", "error");
    private final Counter tokens =
            counter("tollgate_tokens_total", "Tokens used, in disjoint classes.", "model", "provider", "class");
    private final Counter cost =
            counter("tollgate_cost_usd_total", "What priced attempts cost, in USD.", "model", "provider");
    private final Counter unpriced = counter(
            "tollgate_unpriced_calls_total",
            "Attempts that used tokens of a model without a known price.",
            "model",
            "provider");
    private final Histogram duration = seconds(
            "tollgate_call_duration_seconds",
            "Time from arrival to the end of the answer.",
            Buckets.CALL,
            "model",
            "provider");
    private final Histogram firstByte = seconds(
            "tollgate_time_to_first_byte_seconds",
            "Time from arrival to the answer's first byte.",
            Buckets.CALL,
            "model",
            "provider");
    private final Histogram overhead = seconds(
            "tollgate_overhead_seconds",
            "Time to the first byte that was not spent waiting for providers.",
            Buckets.OVERHEAD);
    private final GenAiMetrics genAi = new GenAiMetrics(registry);
    private final LimitMetrics limits = new LimitMetrics(registry);
    private final LoadMetrics load = new LoadMetrics(registry);
    private final RetryMetrics retries = new RetryMetrics(registry);
    private final HealthMetrics health = new HealthMetrics(registry);

    /** @param underWay how many calls are under way */
    public PrometheusSink(IntSupplier underWay) {
        GaugeWithCallback.builder()
                .name("tollgate_calls_in_flight")
                .help("Calls under way.")
                .callback(gauge -> gauge.call(underWay.getAsInt()))
                .register(registry);
    }

    /** Shows a count that is kept elsewhere and only grows. */
    public void show(String name, String help, LongSupplier count) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(counter -> counter.call((double) count.getAsLong()))
                .register(registry);
    }

    /** Takes one reading of a gauge, with a value for each of its labels. */
    @FunctionalInterface
    public interface Reading {
        void of(double value, String... labelValues);
    }

    /** Shows what stands elsewhere and is read at each scrape. */
    public void show(String name, String help, List<String> labels, Consumer<Reading> gauge) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .callback(callback -> gauge.accept(callback::call))
                .register(registry);
    }

    @Override
    public void accept(CallRecord call) {
        String model = call.configured() == null ? NONE : call.configured();
        String provider = call.target() == null ? NONE : providerOf(call.target());
        String error = call.error() == null ? NONE : call.error().id();
        calls.labelValues(call.dialect(), model, provider, Integer.toString(call.status()), error)
                .inc();
        for (CallRecord.Attempt attempt : call.attempts()) {
            String failure = attempt.error() == null ? NONE : attempt.error().id();
            attempts.labelValues(providerOf(attempt.target()), failure).inc();
            noteUse(call, attempt, model, providerOf(attempt.target()));
        }
        noteTimes(call, model, provider);
    }

    private void noteTimes(CallRecord call, String model, String provider) {
        duration.labelValues(model, provider).observe(call.totalNanos() * NANO);
        call.firstByteNanos().ifPresent(nanos -> {
            firstByte.labelValues(model, provider).observe(nanos * NANO);
            overhead.observe(Math.max(0, nanos - call.upstreamNanos()) * NANO);
            if (call.stream() && call.error() == null && !call.operation().equals("relay")) {
                genAi.firstToken(model, provider, nanos * NANO);
            }
        });
    }

    private void noteUse(CallRecord call, CallRecord.Attempt attempt, String model, String provider) {
        Usage usage = attempt.usage();
        if (usage == null) {
            return;
        }
        count(model, provider, "input", usage.uncachedInput());
        count(model, provider, "cache_read", usage.cacheRead());
        count(model, provider, "cache_write_5m", usage.cacheWrite5m());
        count(model, provider, "cache_write_1h", usage.cacheWrite1h());
        count(model, provider, "output", usage.output());
        if (!call.operation().equals("relay")) {
            genAi.tokens(model, provider, usage);
        }
        if (attempt.costNanoUsd().isPresent()) {
            cost.labelValues(model, provider).inc(attempt.costNanoUsd().getAsLong() * NANO);
        } else {
            unpriced.labelValues(model, provider).inc();
        }
    }

    private void count(String model, String provider, String tokenClass, long number) {
        if (number > 0) {
            tokens.labelValues(model, provider, tokenClass).inc(number);
        }
    }

    /** What is to be told of what happens at limits. */
    public LimitEvents limits() {
        return limits;
    }

    /** What is to be told of calls that are refused because of how much there is to do. */
    public LoadEvents load() {
        return load;
    }

    /** Shows how much there is to do. */
    public void show(MeasuredLoad measured) {
        load.show(measured);
    }

    /** What is to be told of calls that are tried again. */
    public RetryEvents retries() {
        return retries;
    }

    /** What is to be told of what becomes of targets. */
    public HealthEvents health() {
        return health;
    }

    /** Shows how targets stand. */
    public void show(Supplier<List<TargetState>> states) {
        health.show(states);
    }

    /** All series as they stand, in the format that an {@code Accept} header asks for. */
    public Page scrape(@Nullable String accept) {
        ExpositionFormatWriter writer = formats.findWriter(accept);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
        try {
            writer.write(bytes, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Page(writer.getContentType(), bytes.toByteArray());
    }

    /** A page of metrics. */
    public record Page(String contentType, byte[] body) {}

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    private Histogram seconds(String name, String help, double[] buckets, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(buckets)
                .withoutExemplars()
                .register(registry);
    }

    private static String providerOf(String target) {
        int slash = target.indexOf('/');
        return slash < 0 ? target : target.substring(0, slash);
    }
}
