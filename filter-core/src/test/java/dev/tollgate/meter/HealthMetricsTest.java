package dev.tollgate.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.health.TargetState;
import dev.tollgate.health.TargetState.Circuit;
import dev.tollgate.health.Verdict.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HealthMetricsTest {

    @Test
    void targetsThatCallersThinkUpAreOneSeries() {
        PrometheusSink sink = new PrometheusSink(() -> 0);
        sink.show(() -> List.of(
                state("gpt", "a", true, Circuit.CLOSED, 3),
                state("gpt", "b", true, Circuit.HALF_OPEN, 3),
                state("made-up", "a", false, Circuit.OPEN, 1),
                state("also", "a", false, Circuit.CLOSED, 1)));
        sink.health().opened("openai");
        sink.health().cooled("openai", Kind.RATE_LIMITED);

        assertThat(new String(sink.scrape(null).body(), StandardCharsets.UTF_8))
                .contains(
                        "tollgate_circuit_state{credential=\"a\",target=\"openai/gpt\"} 0.0",
                        "tollgate_circuit_state{credential=\"b\",target=\"openai/gpt\"} 1.0",
                        "tollgate_circuit_state{credential=\"a\",target=\"openai/*\"} 2.0",
                        "tollgate_target_in_flight{target=\"openai/gpt\"} 3.0",
                        "tollgate_target_in_flight{target=\"openai/*\"} 2.0",
                        "tollgate_circuit_opened_total{provider=\"openai\"} 1.0",
                        "tollgate_credential_cooldowns_total{kind=\"rate_limited\",provider=\"openai\"} 1.0")
                .doesNotContain("made-up");
    }

    private static TargetState state(String model, String credential, boolean configured, Circuit circuit, int calls) {
        return new TargetState(
                "openai", model, credential, configured, circuit, Optional.empty(), calls, OptionalLong.empty(), null);
    }
}
