package dev.tollgate.bench.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.limit.LocalStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CrowdTest {
    private static final Duration MOMENT = Duration.ofMillis(50);

    private static Passage send(Way way, int callers) throws Exception {
        return Crowd.send(way, callers, Duration.ZERO, MOMENT, new AtomicLong()::incrementAndGet);
    }

    static List<Load> loads() {
        return Load.all();
    }

    @ParameterizedTest
    @MethodSource("loads")
    void itsLimitsAreNeverMet(Load load) throws Exception {
        LocalStore store = new LocalStore(System::nanoTime, InstantSource.system());
        Passage passage = send(new ThroughLimits(load, store, "some"), 2);

        assertThat(passage.refused()).isZero();
        assertThat(passage.times().getTotalCount()).isPositive();
        assertThat(passage.cpuNanos()).isEqualTo(1);
    }

    @Test
    void refusedCallsAreCountedApart() throws Exception {
        Way odd = turn -> {
            if (turn % 2 == 1) {
                throw new CompletionException(new Refusal(ErrorCode.POLICY_CONCURRENCY_LIMITED, "no"));
            }
        };
        Passage passage = send(odd, 1);

        assertThat(passage.refused()).isPositive();
        assertThat(passage.times().getTotalCount()).isPositive();
    }
}
