package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class MemberLossTest {
    private static final Shape FIVE_A_DAY = new Shape.Bucket(5, Duration.ofDays(1));
    private static final int BUCKETS = 60;

    @Test
    void aLostMemberTakesNoUsageWithItAndAMinorityAnswersNoMore() {
        try (TestCluster cluster = new TestCluster(3)) {
            LimitStore survivor = cluster.stores(new ManualTime()).get(0);
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                assertThat(taken(survivor, bucket, 5)).isTrue();
            }

            cluster.member(2).getLifecycleService().terminate();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.member(0).getCluster().getMembers().size() == 2);

            for (int number = 0; number < BUCKETS; number++) {
                int bucket = number;
                // While its backup takes over, a bucket may not answer; it must never be full again.
                await().atMost(Duration.ofSeconds(30))
                        .ignoreException(CompletionException.class)
                        .until(() -> !taken(survivor, bucket, 1));
            }

            cluster.member(1).getLifecycleService().terminate();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThatThrownBy(() -> taken(survivor, 0, 1))
                            .hasRootCauseInstanceOf(SplitBrainProtectionException.class));
        }
    }

    private static boolean taken(LimitStore store, int bucket, long tokens) {
        return store.take(new Allowance("bucket-" + bucket, FIVE_A_DAY, OnLoss.STRICT), tokens, 0)
                .toCompletableFuture()
                .join()
                .taken();
    }
}
