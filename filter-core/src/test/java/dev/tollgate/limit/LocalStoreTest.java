package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalStoreTest extends StoreContract {
    private static final Shape ONE_A_SECOND = new Shape.Bucket(1, Duration.ofSeconds(1));
    private static final Shape ONE_AN_HOUR = new Shape.Bucket(1, Duration.ofHours(1));

    private final ManualTime time = new ManualTime(-3_000_000_000L);
    private final LocalStore store = new LocalStore(time, time, 100);

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
        store.take(allowance("idle", ONE_A_SECOND), 1, 0);
        store.take(allowance("used", ONE_AN_HOUR), 1, 0);

        time.pass(Duration.ofMinutes(2));
        store.take(allowance("next", ONE_A_SECOND), 1, 0);

        assertThat(store.size()).isEqualTo(2);
        assertThat(taken("used", ONE_AN_HOUR)).isFalse();
    }

    @Test
    void aCrowdOfNamesNeverGrowsBeyondTheBoundNorResetsAnyBucket() {
        for (int i = 0; i < 100; i++) {
            assertThat(taken("name-" + i, ONE_AN_HOUR)).isTrue();
        }

        time.pass(Duration.ofSeconds(2));

        assertThat(store.take(allowance("one-too-many", ONE_AN_HOUR), 1, 0).toCompletableFuture())
                .isCompletedExceptionally();
        assertThat(store.size()).isEqualTo(100);
        assertThat(taken("name-0", ONE_AN_HOUR)).isFalse();
    }

    @Test
    void roomIsMadeForNewNamesAsSoonAsBucketsAreFullAgain() {
        for (int i = 0; i < 100; i++) {
            store.take(allowance("name-" + i, ONE_A_SECOND), 1, 0);
        }

        time.pass(Duration.ofSeconds(2));

        assertThat(taken("another", ONE_A_SECOND)).isTrue();
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void askingForAWaitOrGivingBackMakesNoBucket() {
        store.waitNanos(allowance("unknown", ONE_AN_HOUR), 1, 0);
        store.giveBack(allowance("unknown", ONE_AN_HOUR), 1);

        assertThat(store.size()).isZero();
    }

    @Test
    void whatRemainsIsToldWithoutTakingOrMakingAnything() {
        Allowance bucket = allowance("bucket", ONE_AN_HOUR);
        Allowance window =
                allowance("window", new Shape.Window(5, time.instant().plusSeconds(90)));
        assertThat(store.remaining(bucket)).hasValue(1);
        assertThat(store.remaining(window)).hasValue(5);
        assertThat(store.size()).isZero();

        store.take(bucket, 1, 0);
        store.charge(window, 7);

        assertThat(store.remaining(bucket)).hasValue(0);
        assertThat(store.remaining(window)).hasValue(-2);
        assertThat(store.remaining(window)).hasValue(-2);
    }

    @Test
    void windowsAreForgottenWhenTheyAreOver() {
        Instant ends = time.instant().plusSeconds(90);
        store.take(allowance("window", new Shape.Window(5, ends)), 5, 0);
        store.first("event", ends);

        time.pass(Duration.ofMinutes(2));
        store.take(allowance("next", ONE_A_SECOND), 1, 0);

        assertThat(store.size()).isEqualTo(1);
        assertThat(store.first("event", ends).toCompletableFuture().join()).isTrue();
    }

    @Test
    void aWindowThatHasCountedForItselfIsNotToldOfTheSameAgain() {
        Allowance window =
                allowance("window", new Shape.Window(10, time.instant().plusSeconds(90)));
        store.take(window, 6, 0);

        store.seed(window, 6);

        assertThat(store.take(window, 4, 0).toCompletableFuture().join().taken())
                .isTrue();
    }

    @Test
    void whatIsChargedAfterAnIdleBucketWasForgottenIsOwedAllTheSame() {
        store.charge(allowance("used", ONE_AN_HOUR), 3);

        assertThat(taken("used", ONE_AN_HOUR)).isFalse();
    }

    private boolean taken(String bucket, Shape shape) {
        return store.take(allowance(bucket, shape), 1, 0)
                .toCompletableFuture()
                .join()
                .taken();
    }

    private static Allowance allowance(String name, Shape shape) {
        return new Allowance(name, shape, OnLoss.STRICT);
    }
}
