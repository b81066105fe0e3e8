package dev.tollgate.hazelcast;

import static dev.tollgate.hazelcast.HazelcastStoreTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.lease.SharedSlots;
import dev.tollgate.lease.SharedSlots.Holding;
import dev.tollgate.lease.SlotName;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HazelcastSlotsTest {
    private static final SlotName CALLS = new SlotName("calls", OnLoss.STRICT);

    private final ManualTime time = new ManualTime(System.currentTimeMillis() * 1_000_000);
    private TestCluster cluster;
    private SharedSlots one;
    private SharedSlots two;

    @BeforeEach
    void start() {
        cluster = new TestCluster(3);
        one = cluster.slots(0, time);
        two = cluster.slots(1, time);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void nodesHoldWhatFitsBesideTheOthers() throws Exception {
        assertThat(hold(one, 1, 6)).isEqualTo(new Holding(6, 4));
        assertThat(hold(two, 1, 6)).isEqualTo(new Holding(4, 0));
        assertThat(hold(two, 5, 8)).isEqualTo(new Holding(4, 0));
        assertThat(hold(one, 1, 6)).isEqualTo(new Holding(6, 0));

        get(one.renew(Map.of(CALLS, 2L)));

        assertThat(hold(two, 8, 9)).isEqualTo(new Holding(8, 0));
    }

    @Test
    void aHoldingThatIsNotRenewedIsOver() throws Exception {
        hold(one, 1, 10);
        time.pass(SharedSlots.EXPIRY.minusSeconds(1));
        assertThat(hold(two, 1, 1).held()).isZero();
        get(one.renew(Map.of(CALLS, 9L)));
        assertThat(hold(two, 1, 1).held()).isEqualTo(1);
        time.pass(SharedSlots.EXPIRY.minusSeconds(1));
        assertThat(hold(two, 2, 2).held()).isEqualTo(1);

        time.pass(Duration.ofSeconds(1));

        assertThat(hold(two, 10, 10)).isEqualTo(new Holding(10, 0));
    }

    @Test
    void aNodeThatIsGoneHoldsNothing() throws Exception {
        hold(one, 1, 10);

        cluster.member(0).getLifecycleService().terminate();

        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> hold(two, 1, 10).equals(new Holding(10, 0)));
    }

    @Test
    void aNodeThatLeavesGivesUpAll() throws Exception {
        hold(one, 1, 10);

        one.close();

        assertThat(hold(two, 1, 10)).isEqualTo(new Holding(10, 0));
    }

    @Test
    void aNodeWhoseInstanceHasEndedBeforeItClosesAllTheSame() throws Exception {
        hold(one, 1, 10);
        cluster.member(0).getLifecycleService().terminate();

        assertThatCode(one::close).doesNotThrowAnyException();
    }

    @Test
    void manyNamesAreRenewedAtOnce() throws Exception {
        Map<SlotName, Long> held =
                Map.of(CALLS, 3L, new SlotName("more", OnLoss.SHARE), 4L, new SlotName("none", OnLoss.STRICT), 0L);

        get(one.renew(held));

        assertThat(hold(two, 1, 10)).isEqualTo(new Holding(7, 0));
        assertThat(get(two.hold("more", 5, OnLoss.SHARE, 1, 5))).isEqualTo(new Holding(1, 0));
    }

    private static Holding hold(SharedSlots node, long least, long wanted) throws Exception {
        return get(node.hold(CALLS.name(), 10, CALLS.onLoss(), least, wanted));
    }
}
