package dev.tollgate.meter;

import dev.tollgate.chat.Usage;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * The series that dashboards know from the
 * <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">OpenTelemetry conventions for generative AI</a>,
 * named as OpenTelemetry's own Prometheus exporters name them.
 */
final class GenAiMetrics {
    private static final String CHAT = "chat";

    private final Histogram tokenUsage;
    private final Histogram timeToFirstToken;

    GenAiMetrics(PrometheusRegistry registry) {
        tokenUsage = Histogram.builder()
                .name("gen_ai_client_token_usage")
                .help("Input and output tokens per call.")
                .labelNames(
                        "gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_token_type")
                .classicOnly()
                .classicUpperBounds(Buckets.TOKENS)
                .withoutExemplars()
                .register(registry);
        timeToFirstToken = Histogram.builder()
                .name("gen_ai_server_time_to_first_token_seconds")
                .help("Time to the first event of streamed answers.")
                .labelNames("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model")
                .classicOnly()
                .classicUpperBounds(Buckets.FIRST_TOKEN)
                .withoutExemplars()
                .register(registry);
    }

    void tokens(String model, String provider, Usage usage) {
        tokenUsage.labelValues(CHAT, provider, model, "input").observe((double) usage.input());
        tokenUsage.labelValues(CHAT, provider, model, "output").observe((double) usage.output());
    }

    void firstToken(String model, String provider, double seconds) {
        timeToFirstToken.labelValues(CHAT, provider, model).observe(seconds);
    }
}
