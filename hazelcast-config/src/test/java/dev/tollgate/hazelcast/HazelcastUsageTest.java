package dev.tollgate.hazelcast;

import static dev.tollgate.hazelcast.HazelcastStoreTest.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.usage.SharedUsage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class HazelcastUsageTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void everyNodeFindsWhatAllHavePublished() throws Exception {
        try (TestCluster cluster = new TestCluster(2)) {
            SharedUsage one = usage(cluster, 0);
            SharedUsage two = usage(cluster, 1);

            get(one.publish("n1", Map.of("hour|1|team|a", "3 calls", "hour|2|team|a", "1"), DAY));
            get(one.publish("n1", Map.of("hour|1|team|a", "4 calls"), DAY));
            get(two.publish("n2", Map.of("hour|1|team|a", "5 calls", "day|1|team|a", "9"), DAY));

            assertThat(get(two.find("hour|1|")))
                    .isEqualTo(Map.of("hour|1|team|a|n1", "4 calls", "hour|1|team|a|n2", "5 calls"));
            assertThat(get(one.find("week|"))).isEmpty();
        }
    }

    @Test
    void ofTwoTotalsTheLaterStays() {
        assertThat(new Joining.OfUsage().join("5 old", "12 new")).isEqualTo("12 new");
        assertThat(new Joining.OfUsage().join("12 new", "5 old")).isEqualTo("12 new");
    }

    private static SharedUsage usage(TestCluster cluster, int member) {
        return new HazelcastUsage(
                cluster.member(member).getMap(SharedMaps.USAGE), System::nanoTime, ForkJoinPool.commonPool());
    }
}
