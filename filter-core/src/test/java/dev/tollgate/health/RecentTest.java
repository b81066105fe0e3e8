package dev.tollgate.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentTest {
    private final Recent recent = new Recent();

    @Test
    void aTargetThatIsHardlyKnownIsNotReliable() {
        add(4, false);
        assertThat(recent.isReliable()).isFalse();
        add(1, false);
        assertThat(recent.isReliable()).isTrue();
    }

    @Test
    void oneFailureOfTenIsBorneAndTwoAreNot() {
        add(8, false);
        add(1, true);
        assertThat(recent.isReliable()).isFalse();
        add(1, false);
        assertThat(recent.isReliable()).isTrue();
        add(1, true);
        assertThat(recent.isReliable()).isFalse();
    }

    @Test
    void whatIsLongPastIsForgotten() {
        add(1_000, true);
        assertThat(recent.isReliable()).isFalse();
        add(28, false);
        assertThat(recent.isReliable()).isTrue();
        add(1_000, false);
        add(3, true);
        assertThat(recent.isReliable()).isTrue();
        add(1, true);
        assertThat(recent.isReliable()).isFalse();
    }

    private void add(int times, boolean failed) {
        for (int i = 0; i < times; i++) {
            recent.add(failed);
        }
    }
}
