package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Refusal;
import dev.tollgate.forward.UpstreamFailure.Kind;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShortfallsTest {

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"POOL_EXHAUSTED", "ABORTED"})
    void whatPassesByItselfIsToldWithAWait(Kind kind) {
        Refusal refusal =
                new Shortfalls("one/m", 1).of(new UpstreamFailure(kind, "x")).refusal();

        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(1));
    }
}
