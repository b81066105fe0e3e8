package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MemberLossTest {
    private static final Shape FIVE_A_DAY = new Shape.Bucket(5, Duration.ofDays(1));
    private static final Shape FIVE_THIS_CENTURY = new Shape.Window(5, Instant.parse("2100-01-01T00:00:00Z"));
    private static final int NAMES = 60;

    @Test
    void aLostMemberTakesNoUsageWithItAndAMinorityAnswersNoMore() {
        try (TestCluster cluster = new TestCluster(3)) {
            LimitStore survivor = cluster.store(0, () -> 1);
            for (int name = 0; name < NAMES; name++) {
                assertThat(taken(survivor, FIVE_A_DAY, name, 5)).isTrue();
                assertThat(taken(survivor, FIVE_THIS_CENTURY, name, 5)).isTrue();
            }

            cluster.member(2).getLifecycleService().terminate();
            cluster.awaitSize(0, 2);

            for (int name = 0; name < NAMES; name++) {
                assertThat(takenOnceItAnswers(survivor, FIVE_A_DAY, name)).isFalse();
                assertThat(takenOnceItAnswers(survivor, FIVE_THIS_CENTURY, name))
                        .isFalse();
            }

            cluster.member(1).getLifecycleService().terminate();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThatThrownBy(() -> taken(survivor, FIVE_A_DAY, 0, 1))
                            .hasRootCauseInstanceOf(SplitBrainProtectionException.class));
        }
    }

    /** While a backup takes over, it may not answer; what it answers then must be right the first time. */
    private static boolean takenOnceItAnswers(LimitStore store, Shape shape, int name) {
        AtomicBoolean taken = new AtomicBoolean();
        await().atMost(Duration.ofSeconds(30))
                .ignoreException(CompletionException.class)
                .until(() -> {
                    taken.set(taken(store, shape, name, 1));
                    return true;
                });
        return taken.get();
    }

    private static boolean taken(LimitStore store, Shape shape, int name, long amount) {
        return store.take(new Allowance("allowance-" + name, shape, OnLoss.STRICT), amount, 0)
                .toCompletableFuture()
                .join()
                .taken();
    }
}
