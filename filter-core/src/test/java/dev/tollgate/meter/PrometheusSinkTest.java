package dev.tollgate.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.testing.Records;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PrometheusSinkTest {
    private final AtomicInteger underWay = new AtomicInteger();
    private final PrometheusSink sink = new PrometheusSink(underWay::get);

    @Test
    void callsAreCountedByOutcome() {
        sink.accept(Records.answered());
        sink.accept(Records.answered());
        sink.accept(Records.refused());

        assertThat(text())
                .contains(
                        "tollgate_calls_total{dialect=\"openai-chat\",error=\"none\",model=\"smart\",provider=\"claude\",status=\"200\"} 2.0",
                        "tollgate_calls_total{dialect=\"anthropic\",error=\"caller_no_key\",model=\"none\",provider=\"none\",status=\"401\"} 1.0",
                        "tollgate_attempts_total{error=\"provider_overloaded\",provider=\"openai\"} 2.0",
                        "tollgate_attempts_total{error=\"none\",provider=\"claude\"} 2.0");
    }

    @Test
    void tokensAreCountedInDisjointClassesAndMoneyInUsd() {
        sink.accept(Records.answered());

        assertThat(text())
                .contains(
                        "tollgate_tokens_total{class=\"input\",model=\"smart\",provider=\"claude\"} 100.0",
                        "tollgate_tokens_total{class=\"cache_read\",model=\"smart\",provider=\"claude\"} 20.0",
                        "tollgate_tokens_total{class=\"cache_write_5m\",model=\"smart\",provider=\"claude\"} 30.0",
                        "tollgate_tokens_total{class=\"output\",model=\"smart\",provider=\"claude\"} 50.0",
                        "tollgate_cost_usd_total{model=\"smart\",provider=\"claude\"} 0.001234")
                .doesNotContain("tollgate_unpriced_calls_total{");
    }

    @Test
    void timesAreMeasuredInSeconds() {
        sink.accept(Records.answered());

        assertThat(text())
                .contains(
                        "tollgate_call_duration_seconds_sum{model=\"smart\",provider=\"claude\"} 2.0",
                        "tollgate_time_to_first_byte_seconds_sum{model=\"smart\",provider=\"claude\"} 0.501",
                        "tollgate_overhead_seconds_bucket{le=\"0.001\"} 1")
                .containsPattern("tollgate_overhead_seconds_sum 0\\.001");
    }

    @Test
    void theSeriesOfOpenTelemetryAreThere() {
        sink.accept(Records.answered());

        assertThat(text())
                .contains(
                        "gen_ai_client_token_usage_sum{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"claude\","
                                + "gen_ai_request_model=\"smart\",gen_ai_token_type=\"input\"} 150.0",
                        "gen_ai_server_time_to_first_token_seconds_count{gen_ai_operation_name=\"chat\","
                                + "gen_ai_provider_name=\"claude\",gen_ai_request_model=\"smart\"} 1");
    }

    @Test
    void callsUnderWayAreReadWhenAsked() {
        underWay.set(3);

        assertThat(text()).contains("tollgate_calls_in_flight 3.0");
    }

    @Test
    void whatCallersSendMakesNoSeries() {
        sink.accept(Records.answered("model-0", "claude-*"));
        long series = text().lines().count();
        for (int i = 1; i < 200; i++) {
            sink.accept(Records.answered("model-" + i, "claude-*"));
        }

        assertThat(text().lines().count()).isEqualTo(series);
        assertThat(text()).doesNotContain("model-1");
    }

    @Test
    void theFormatIsWhatWasAskedFor() {
        assertThat(sink.scrape(null).contentType()).startsWith("text/plain; version=0.0.4");
        PrometheusSink.Page open = sink.scrape("application/openmetrics-text; version=1.0.0");
        assertThat(open.contentType()).startsWith("application/openmetrics-text");
        assertThat(new String(open.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
        assertThat(sink.scrape("application/vnd.google.protobuf").contentType()).startsWith("text/plain");
    }

    private String text() {
        return new String(sink.scrape(null).body(), StandardCharsets.UTF_8);
    }
}
