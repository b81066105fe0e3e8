package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.limit.LimitStore.Shape;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalStoreTest extends StoreContract {
    private static final Shape ONE_A_SECOND = new Shape(1, Duration.ofSeconds(1));
    private static final Shape ONE_AN_HOUR = new Shape(1, Duration.ofHours(1));

    private final ManualTime time = new ManualTime(-3_000_000_000L);
    private final LocalStore store = new LocalStore(time, 100);

    @Override
    protected List<LimitStore> nodes() {
        return List.of(store);
    }

    @Override
    protected ManualTime time() {
        return time;
    }

    @Test
    void fullBucketsAreDroppedAndUsedOnesKept() {
        store.take("idle", ONE_A_SECOND, 1);
        store.take("used", ONE_AN_HOUR, 1);

        time.pass(Duration.ofMinutes(2));
        store.take("next", ONE_A_SECOND, 1);

        assertThat(store.size()).isEqualTo(2);
        assertThat(taken("used", ONE_AN_HOUR)).isFalse();
    }

    @Test
    void aCrowdOfNamesNeverGrowsBeyondTheBoundNorResetsAnyBucket() {
        for (int i = 0; i < 100; i++) {
            assertThat(taken("name-" + i, ONE_AN_HOUR)).isTrue();
        }

        time.pass(Duration.ofSeconds(2));

        assertThat(store.take("one-too-many", ONE_AN_HOUR, 1).toCompletableFuture())
                .isCompletedExceptionally();
        assertThat(store.size()).isEqualTo(100);
        assertThat(taken("name-0", ONE_AN_HOUR)).isFalse();
    }

    @Test
    void roomIsMadeForNewNamesAsSoonAsBucketsAreFullAgain() {
        for (int i = 0; i < 100; i++) {
            store.take("name-" + i, ONE_A_SECOND, 1);
        }

        time.pass(Duration.ofSeconds(2));

        assertThat(taken("another", ONE_A_SECOND)).isTrue();
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void askingForAWaitOrGivingBackMakesNoBucket() {
        store.waitNanos("unknown", ONE_AN_HOUR, 1);
        store.giveBack("unknown", ONE_AN_HOUR, 1);

        assertThat(store.size()).isZero();
    }

    private boolean taken(String bucket, Shape shape) {
        return store.take(bucket, shape, 1).toCompletableFuture().join().taken();
    }
}
