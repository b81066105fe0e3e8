package dev.tollgate.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.Mode;
import dev.tollgate.config.Settings.Per;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LimitMetricsTest {

    @Test
    void refusalsAndThresholdsAreCountedWithoutNamesOfCallers() {
        PrometheusSink sink = new PrometheusSink(() -> 0);
        sink.limits().refused(Per.KEY, "tokens", Mode.SHADOW, "key \"ci\": 100 tokens per minute", "ci may use");
        sink.limits().refused(Per.KEY, "tokens", Mode.SHADOW, "key \"b\": 100 tokens per minute", "b may use");
        sink.limits().refused(Per.TEAM, "spend", Mode.ENFORCE, "team \"search\"", "has spent");
        sink.limits().threshold(Per.TEAM, "team \"search\"", "team \"search\" has spent 80 of 100 USD this month");

        assertThat(new String(sink.scrape(null).body(), StandardCharsets.UTF_8))
                .contains(
                        "tollgate_limit_refusals_total{mode=\"shadow\",per=\"key\",unit=\"tokens\"} 2.0",
                        "tollgate_limit_refusals_total{mode=\"enforce\",per=\"team\",unit=\"spend\"} 1.0",
                        "tollgate_budget_threshold_total{per=\"team\"} 1.0")
                .doesNotContain("search");
    }
}
