package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClusterClockTest {
    private static final Offset<Long> CLOSE =
            Offset.offset(Duration.ofSeconds(30).toNanos());

    @Test
    void whoJoinsTakesTheTimeOfTheOldestWhateverTheMachinesSay() {
        long ahead = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) + TimeUnit.HOURS.toNanos(3);
        try (TestCluster cluster = new TestCluster(2)) {
            ClusterClock first = ClusterClock.set(cluster.member(0), ahead);

            ClusterClock joined = Introductions.timeOf(cluster.member(1));

            assertThat(joined.getAsLong()).isCloseTo(ahead, CLOSE).isLessThanOrEqualTo(first.getAsLong());
            assertThat(ClusterClock.of(cluster.member(1))).isSameAs(joined);
        }
    }

    @Test
    void aMachineWhoseClockIsOffIsToldOf() {
        long now = 1_000_000_000_000L;
        ManualTime cluster = new ManualTime(TimeUnit.MILLISECONDS.toNanos(now));
        try (ClusterWatch near = new ClusterWatch(cluster, () -> Instant.ofEpochMilli(now + 900));
                ClusterWatch far = new ClusterWatch(cluster, () -> Instant.ofEpochMilli(now + 1_100))) {
            assertThat(near.checkClock()).isFalse();
            assertThat(far.checkClock()).isTrue();

            cluster.pass(Duration.ofSeconds(1));

            assertThat(far.checkClock()).isFalse();
        }
    }
}
