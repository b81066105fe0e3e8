package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReachTest {
    private final AtomicInteger seen = new AtomicInteger(3);
    private final ManualTime time = new ManualTime();
    private final Reach reach = new Reach(seen::get, time, Duration.ofSeconds(30));

    @Test
    void fewerMembersCountAtOnce() {
        seen.set(2);

        assertThat(reach.members()).isEqualTo(2);
    }

    @Test
    void moreMembersCountWhenTheyHaveStayed() {
        seen.set(1);
        reach.members();
        seen.set(3);
        assertThat(reach.members()).isEqualTo(1);
        time.pass(Duration.ofSeconds(29));
        assertThat(reach.members()).isEqualTo(1);
        time.pass(Duration.ofSeconds(1));
        assertThat(reach.members()).isEqualTo(3);
    }

    @Test
    void membersThatComeAndGoDoNotCount() {
        seen.set(1);
        reach.members();
        for (int i = 0; i < 5; i++) {
            seen.set(3);
            reach.members();
            time.pass(Duration.ofSeconds(20));
            seen.set(1);
            assertThat(reach.members()).isEqualTo(1);
        }
    }
}
