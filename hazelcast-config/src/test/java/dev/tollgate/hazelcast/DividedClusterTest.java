package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.lease.SharedSlots.Holding;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Two sides of a cluster that take each other for dead hand out no more together than was left. */
class DividedClusterTest {
    private static final long NOW = System.currentTimeMillis() * 1_000_000;
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Instant ENDS = Instant.parse("2100-01-01T00:00:00Z");
    private static final Allowance WINDOW = new Allowance("window", new Shape.Window(101, ENDS), OnLoss.SHARE);
    private static final Allowance BUCKET =
            new Allowance("bucket", new Shape.Bucket(100, Duration.ofDays(1_000)), OnLoss.SHARE);
    private static final Allowance UNSEEN = new Allowance("unseen", new Shape.Window(11, ENDS), OnLoss.SHARE);
    private static final Allowance STRICT = new Allowance("strict", new Shape.Window(50, ENDS), OnLoss.STRICT);

    @Test
    void twoNodesKeepToTheirHalvesAndAreOneAgainAfterwards() {
        try (TestCluster cluster = new TestCluster(2, DividedClusterTest::mergeLater)) {
            settleSoon(cluster, 2);
            LimitStore one = cluster.store(0, () -> NOW);
            LimitStore two = cluster.store(1, () -> NOW);
            HazelcastSlots slotsOfOne = cluster.slots(0, () -> NOW);
            HazelcastSlots slotsOfTwo = cluster.slots(1, () -> NOW);
            taken(one, WINDOW, 6);
            taken(two, WINDOW, 4);
            taken(one, BUCKET, 10);
            taken(two, STRICT, 1);
            assertThat(join(slotsOfOne.hold("calls", 10, OnLoss.SHARE, 1, 3))).isEqualTo(new Holding(3, 7));
            assertThat(join(slotsOfTwo.hold("calls", 10, OnLoss.SHARE, 1, 1))).isEqualTo(new Holding(1, 6));
            cluster.awaitSafety();

            cluster.divide(Set.of(0), Set.of(1));

            // What was left is 91 and 90, so the sides get 45 of each, and what is over nobody.
            assertThat(all(one, WINDOW)).isEqualTo(45);
            assertThat(all(two, WINDOW)).isEqualTo(45);
            assertThat(all(one, BUCKET)).isEqualTo(45);
            assertThat(all(two, BUCKET)).isEqualTo(45);
            assertThat(all(one, UNSEEN)).isEqualTo(5);
            assertThat(all(two, UNSEEN)).isEqualTo(5);
            assertThat(join(slotsOfOne.hold("calls", 10, OnLoss.SHARE, 1, 9)).held())
                    .isEqualTo(6);
            assertThat(join(slotsOfTwo.hold("calls", 10, OnLoss.SHARE, 1, 9)).held())
                    .isEqualTo(4);
            assertThatThrownBy(() -> taken(one, STRICT, 1)).hasRootCauseInstanceOf(SplitBrainProtectionException.class);

            cluster.awaitSize(0, 2);
            cluster.awaitSize(1, 2);
            // All has been counted by now but what was over.
            await().atMost(LONG).ignoreExceptions().until(() -> remaining(one, WINDOW) == 1);
            await().atMost(LONG).ignoreExceptions().until(() -> remaining(two, UNSEEN) == 1);
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(taken(one, STRICT, 1)).isTrue());
            assertThat(all(one, WINDOW) + all(two, WINDOW)).isLessThanOrEqualTo(1);
            assertThat(all(one, BUCKET) + all(two, BUCKET)).isLessThanOrEqualTo(1);
            assertThat(all(two, STRICT)).isEqualTo(48);
        }
    }

    @Test
    void ofThreeNodesTheMajorityGoesOnWithAllAndTheThirdWithItsShareOnly() {
        try (TestCluster cluster = new TestCluster(3, DividedClusterTest::mergeLater)) {
            settleSoon(cluster, 3);
            LimitStore one = cluster.store(0, () -> NOW);
            LimitStore three = cluster.store(2, () -> NOW);
            taken(three, WINDOW, 11);
            taken(three, STRICT, 20);
            cluster.awaitSafety();

            cluster.divide(Set.of(0, 1), Set.of(2));

            assertThat(all(one, WINDOW)).isEqualTo(60);
            assertThat(all(three, WINDOW)).isEqualTo(30);
            assertThat(all(one, STRICT)).isEqualTo(30);
            assertThatThrownBy(() -> taken(three, STRICT, 1))
                    .hasRootCauseInstanceOf(SplitBrainProtectionException.class);

            cluster.awaitSize(2, 3);
            await().atMost(LONG).ignoreExceptions().until(() -> !taken(three, STRICT, 1));
            await().atMost(LONG).ignoreExceptions().until(() -> remaining(three, WINDOW) <= 0);
            assertThat(all(one, WINDOW) + all(three, WINDOW)).isZero();
        }
    }

    private static void mergeLater(Config config) {
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "15");
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
    }

    private static void settleSoon(TestCluster cluster, int size) {
        for (int member = 0; member < size; member++) {
            Reach.watch(cluster.member(member), Duration.ofSeconds(5));
        }
    }

    /** How many can be taken one by one. Until a member's own partitions have no backup to wait for, it may not answer. */
    private static int all(LimitStore store, Allowance allowance) {
        int taken = 0;
        while (taken < 1_000 && taken(store, allowance, 1)) {
            taken++;
        }
        return taken;
    }

    private static boolean taken(LimitStore store, Allowance allowance, long amount) {
        try {
            return join(store.take(allowance, amount, 0)).taken();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IllegalStateException small
                    && String.valueOf(small.getMessage()).contains("share")) {
                return false;
            }
            throw e;
        }
    }

    private static long remaining(LimitStore store, Allowance allowance) {
        return join(store.take(allowance, allowance.shape().capacity(), 0)).remaining();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
