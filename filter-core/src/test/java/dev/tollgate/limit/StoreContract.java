package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** What every store must do, whether its buckets lie in one JVM or in several. */
public abstract class StoreContract {
    private static final Shape TEN_A_MINUTE = new Shape.Bucket(10, Duration.ofMinutes(1));
    private static final Shape TWENTY_A_MINUTE = new Shape.Bucket(20, Duration.ofMinutes(1));

    private final String bucket = "bucket-" + UUID.randomUUID();

    /** All nodes of the store; a store in one JVM has one. */
    protected abstract List<LimitStore> nodes();

    /** The clock of every node. */
    protected abstract ManualTime time();

    @Test
    void aNewBucketIsFull() {
        assertThat(take(TEN_A_MINUTE)).isEqualTo(new Verdict(true, 9, 0, nanos(6), true));
    }

    @Test
    void manyTakersAtOnceGetExactlyWhatIsThere() throws Exception {
        Shape shape = new Shape.Bucket(200, Duration.ofDays(1));
        int takers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(takers);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int taker = 0; taker < takers; taker++) {
                LimitStore node = nodes().get(taker % nodes().size());
                counts.add(threads.submit(() -> taken(node, shape, 100)));
            }
            int taken = 0;
            for (Future<Integer> count : counts) {
                taken += count.get(30, TimeUnit.SECONDS);
            }
            assertThat(taken).isEqualTo(200);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aRefusalSaysTheTrueWait() {
        spend(TEN_A_MINUTE);

        Verdict refused = take(TEN_A_MINUTE);

        assertThat(refused.taken()).isFalse();
        assertThat(refused.waitNanos()).isEqualTo(nanos(6));
        time().passNanos(refused.waitNanos() - 1);
        assertThat(take(TEN_A_MINUTE).taken()).isFalse();
        time().passNanos(1);
        assertThat(take(TEN_A_MINUTE).taken()).isTrue();
    }

    @Test
    void aBucketRefillsEvenlyUpToItsCapacity() {
        spend(TEN_A_MINUTE);
        time().pass(Duration.ofSeconds(18));
        assertThat(take(TEN_A_MINUTE).remaining()).isEqualTo(2);

        time().pass(Duration.ofHours(1));
        assertThat(take(TEN_A_MINUTE).remaining()).isEqualTo(9);
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        spend(TEN_A_MINUTE);

        nodes().get(0).giveBack(allowance(TEN_A_MINUTE), 1);

        assertThat(take(TEN_A_MINUTE).taken()).isTrue();
        assertThat(take(TEN_A_MINUTE).taken()).isFalse();
    }

    @Test
    void aFullBucketStaysFullWhenMoreIsGivenBack() {
        take(TEN_A_MINUTE);
        nodes().get(0).giveBack(allowance(TEN_A_MINUTE), 1);
        nodes().get(0).giveBack(allowance(TEN_A_MINUTE), 1);

        assertThat(take(TEN_A_MINUTE).remaining()).isEqualTo(9);
    }

    @Test
    void askingForTheWaitTakesNothing() {
        assertThat(waitNanos(TEN_A_MINUTE)).isZero();
        spend(TEN_A_MINUTE);

        assertThat(waitNanos(TEN_A_MINUTE)).isEqualTo(nanos(6));
        assertThat(waitNanos(TEN_A_MINUTE)).isEqualTo(nanos(6));
    }

    @Test
    void aLargerAmountGoesOnWithTheSameShareUsed() {
        for (int i = 0; i < 5; i++) {
            take(TEN_A_MINUTE);
        }

        // 5 of 10 are left, and so 10 of 20 before this take or, where the store learns of the change by it, 4 of 10
        // after.
        assertThat(take(TWENTY_A_MINUTE).remaining()).isBetween(8L, 9L);
    }

    @Test
    void aSmallerAmountGoesOnWithTheSameShareUsed() {
        for (int i = 0; i < 10; i++) {
            take(TWENTY_A_MINUTE);
        }

        assertThat(take(TEN_A_MINUTE).remaining()).isEqualTo(4);
    }

    @Test
    void aSpentBucketStaysSpentWhenTheAmountChanges() {
        spend(TEN_A_MINUTE);

        assertThat(take(TWENTY_A_MINUTE).taken()).isFalse();
        assertThat(take(TEN_A_MINUTE).taken()).isFalse();
    }

    @Test
    void whatMustBeLeftIsNotTaken() {
        Allowance ten = allowance(TEN_A_MINUTE);
        assertThat(join(nodes().get(0).take(ten, 8, 2)).remaining()).isEqualTo(2);

        Verdict refused = join(nodes().get(0).take(ten, 1, 2));

        assertThat(refused.taken()).isFalse();
        assertThat(refused.waitNanos()).isEqualTo(nanos(6));
        assertThat(join(nodes().get(0).waitNanos(ten, 1, 2))).isEqualTo(nanos(6));
        assertThat(take(TEN_A_MINUTE).taken()).isTrue();
    }

    @Test
    void moreThanThereEverIsIsNeverWaitedFor() {
        for (Allowance allowance : List.of(allowance(TEN_A_MINUTE), window(10))) {
            assertThat(join(nodes().get(0).take(allowance, 11, 0)).waitNanos()).isEqualTo(Verdict.NEVER);
            assertThat(join(nodes().get(0).take(allowance, 9, 2)).waitNanos()).isEqualTo(Verdict.NEVER);
            assertThat(join(nodes().get(0).waitNanos(allowance, 11, 0))).isEqualTo(Verdict.NEVER);
            assertThat(join(nodes().get(0).take(allowance, 10, 0)).taken()).isTrue();
        }
    }

    @Test
    void whatIsChargedBeyondWhatIsThereIsOwed() {
        Allowance ten = allowance(TEN_A_MINUTE);
        spend(TEN_A_MINUTE);

        nodes().get(0).charge(ten, 5);

        await(() -> assertThat(take(TEN_A_MINUTE).waitNanos()).isEqualTo(nanos(36)));
        time().pass(Duration.ofSeconds(36));
        assertThat(take(TEN_A_MINUTE).taken()).isTrue();
    }

    @Test
    void aWindowIsSpentUntilItEnds() {
        Allowance window = window(10);
        assertThat(join(nodes().get(0).take(window, 7, 0)).remaining()).isEqualTo(3);

        Verdict refused = join(nodes().get(0).take(window, 4, 0));

        assertThat(refused.taken()).isFalse();
        assertThat(refused.remaining()).isEqualTo(3);
        assertThat(refused.waitNanos()).isEqualTo(nanos(3600));
        assertThat(refused.fullNanos()).isEqualTo(nanos(3600));
        assertThat(join(nodes().get(0).take(window, 3, 0)).remaining()).isZero();
        assertThat(join(nodes().get(0).waitNanos(window, 1, 0))).isEqualTo(nanos(3600));
    }

    @Test
    void aWindowsCountStaysWhenItsCapacityChanges() {
        Instant ends = time().instant().plusSeconds(3600);
        LimitStore node = nodes().get(0);
        join(node.take(window(10, ends), 10, 0));

        assertThat(join(node.take(window(15, ends), 1, 0)).remaining()).isEqualTo(4);
        assertThat(join(node.take(window(5, ends), 1, 0)).remaining()).isEqualTo(-6);
    }

    @Test
    void aWindowTakesBackWhatWasNotUsedAndChargesWhatWasUsedBeyond() {
        Allowance window = window(10);
        LimitStore node = nodes().get(0);
        join(node.take(window, 8, 0));

        node.giveBack(window, 5);
        await(() -> assertThat(join(node.waitNanos(window, 7, 0))).isZero());
        node.charge(window, 20);

        await(() -> assertThat(join(node.waitNanos(window, 1, 0))).isPositive());
        assertThat(join(node.take(window, 1, 0)).remaining()).isEqualTo(-13);
    }

    @Test
    void whatAnEarlierLifeHasChargedCountsOnce() {
        Allowance window = window(10);
        LimitStore node = nodes().get(0);

        node.seed(window, 6);
        node.seed(window, 6);

        await(() -> assertThat(join(node.waitNanos(window, 5, 0))).isPositive());
        assertThat(join(node.take(window, 5, 0)).remaining()).isEqualTo(4);
        assertThat(join(node.take(window, 4, 0)).taken()).isTrue();
    }

    @Test
    void onlyTheFirstWhoAsksRaisesAnEvent() {
        Instant until = time().instant().plusSeconds(3600);
        List<Boolean> first = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            nodes().forEach(node -> first.add(join(node.first(bucket + "|80", until))));
        }

        assertThat(first).containsOnlyOnce(true);
        assertThat(join(nodes().get(0).first(bucket + "|90", until))).isTrue();
    }

    private Allowance window(long capacity) {
        return window(capacity, time().instant().plusSeconds(3600));
    }

    private Allowance window(long capacity, Instant ends) {
        return new Allowance("window-" + bucket, new Shape.Window(capacity, ends), OnLoss.STRICT);
    }

    /** What is not answered may take a moment to arrive. */
    private static void await(ThrowingRunnable what) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(what);
    }

    protected final Verdict take(Shape shape) {
        return join(nodes().get(0).take(allowance(shape), 1, 0));
    }

    private long waitNanos(Shape shape) {
        return join(nodes().get(0).waitNanos(allowance(shape), 1, 0));
    }

    private int taken(LimitStore node, Shape shape, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += join(node.take(allowance(shape), 1, 0)).taken() ? 1 : 0;
        }
        return taken;
    }

    private void spend(Shape shape) {
        assertThat(join(nodes().get(0).take(allowance(shape), shape.capacity(), 0))
                        .taken())
                .isTrue();
    }

    private Allowance allowance(Shape shape) {
        return new Allowance(bucket, shape, OnLoss.STRICT);
    }

    private static long nanos(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
