package dev.tollgate.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.limit.LimitStore.Verdict;
import dev.tollgate.limit.LocalStore;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.ManualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LeasingStoreTest {
    private static final Allowance THOUSAND_A_SECOND = strict(new Shape.Bucket(60_000, Duration.ofMinutes(1)));
    private static final Allowance TEN_A_MINUTE = strict(new Shape.Bucket(10, Duration.ofMinutes(1)));
    private static final Allowance BUDGET = strict(new Shape.Window(100_000, Instant.ofEpochSecond(4_000_000_000L)));

    private final ManualTime time = new ManualTime();
    private final ManualTimers timers = new ManualTimers(time);
    private final List<String> told = new ArrayList<>();
    private final LeaseCounts counts = new LeaseCounts(told::add);
    private final HeldGrid grid = new HeldGrid(new LocalStore(time, () -> Instant.EPOCH.plusNanos(time.getAsLong())));
    private final LeasingStore store = new LeasingStore(grid, 3, timers, time, counts);

    @Test
    void aBusyCallerRarelyAsksTheCluster() {
        int taken = 0;
        for (int call = 0; call < 3_000; call++) {
            taken += take(THOUSAND_A_SECOND, 1, 0).taken() ? 1 : 0;
            pass(5);
        }

        // 200 calls/s of an allowance of 1,000/s, whose slice is at most the refill of 250 ms.
        assertThat(taken).isEqualTo(3_000);
        assertThat(grid.takes).isLessThan(45);
        assertThat(counts.leasedTakes()).isGreaterThan(2_950);
    }

    @Test
    void aBusyCallerNeverWaitsForTheCluster() {
        for (int call = 0; call < 400; call++) {
            take(THOUSAND_A_SECOND, 1, 0);
            pass(5);
        }
        grid.hold = true;
        List<CompletionStage<Verdict>> waiting = new ArrayList<>();
        for (int call = 0; call < 2_000; call++) {
            CompletionStage<Verdict> answer = store.take(THOUSAND_A_SECOND, 1, 0);
            if (!answer.toCompletableFuture().isDone()) {
                waiting.add(answer);
            }
            pass(5);
            // The answer to what is fetched in advance takes 10 ms.
            if (call % 2 == 0) {
                grid.answerAll();
            }
        }

        assertThat(waiting).isEmpty();
    }

    @Test
    void smallAllowancesAreNotLeased() {
        for (int call = 0; call < 5; call++) {
            take(TEN_A_MINUTE, 1, 0);
        }

        assertThat(grid.takes).isEqualTo(5);
        assertThat(left(TEN_A_MINUTE)).isEqualTo(5);
    }

    @Test
    void fiveThousandRefusalsASecondAskTheClusterTenTimes() {
        take(TEN_A_MINUTE, 10, 0);
        grid.takes = 0;
        for (int call = 0; call < 15_000; call++) {
            assertThat(take(TEN_A_MINUTE, 1, 0).taken()).isFalse();
            time.passNanos(200_000);
        }

        assertThat(grid.takes).isLessThanOrEqualTo(30);
        assertThat(counts.rememberedRefusals.sum()).isGreaterThan(14_900);
    }

    @Test
    void callsThatAnotherLimitRefusesLookAtThisOneTenTimesASecond() {
        for (Allowance allowance : List.of(TEN_A_MINUTE, THOUSAND_A_SECOND, BUDGET)) {
            grid.looks = 0;
            for (int call = 0; call < 5_000; call++) {
                assertThat(join(store.waitNanos(allowance, 1 + call % 3, 0))).isZero();
                time.passNanos(200_000);
            }

            assertThat(grid.looks).isLessThanOrEqualTo(40);
        }
    }

    @Test
    void aLookIsRememberedForATenthOfASecondAndTellsTheTrueWait() {
        take(TEN_A_MINUTE, 10, 0);
        assertThat(join(store.waitNanos(TEN_A_MINUTE, 1, 0))).isEqualTo(seconds(6));
        pass(60);
        assertThat(join(store.waitNanos(TEN_A_MINUTE, 1, 0))).isEqualTo(seconds(6) - millis(60));
        assertThat(grid.looks).isEqualTo(1);
        store.giveBack(TEN_A_MINUTE, 10);

        assertThat(join(store.waitNanos(TEN_A_MINUTE, 1, 0))).isZero();
    }

    @Test
    void looksThatAreNotAnsweredAreNotRepeatedAtOnce() {
        grid.hold = true;
        CompletableFuture<Long> first = store.waitNanos(TEN_A_MINUTE, 1, 0).toCompletableFuture();
        CompletableFuture<Long> second = store.waitNanos(TEN_A_MINUTE, 1, 0).toCompletableFuture();
        pass(250);

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        assertThat(store.waitNanos(TEN_A_MINUTE, 1, 0).toCompletableFuture()).isCompletedExceptionally();
        assertThat(grid.looks).isEqualTo(1);
    }

    @Test
    void aRememberedRefusalTellsTheTrueWait() {
        take(TEN_A_MINUTE, 10, 0);
        assertThat(take(TEN_A_MINUTE, 1, 0).waitNanos()).isEqualTo(seconds(6));
        pass(60);

        assertThat(take(TEN_A_MINUTE, 1, 0).waitNanos()).isEqualTo(seconds(6) - millis(60));
        assertThat(take(TEN_A_MINUTE, 3, 0).waitNanos()).isEqualTo(seconds(18) - millis(60));
        assertThat(join(store.waitNanos(TEN_A_MINUTE, 2, 0))).isEqualTo(seconds(12) - millis(60));
        assertThat(grid.takes).isEqualTo(2);
    }

    @Test
    void aRefusalIsForgottenWhenSomethingIsGivenBack() {
        take(TEN_A_MINUTE, 10, 0);
        assertThat(take(TEN_A_MINUTE, 1, 0).taken()).isFalse();

        store.giveBack(TEN_A_MINUTE, 2);

        assertThat(take(TEN_A_MINUTE, 1, 0).taken()).isTrue();
    }

    @Test
    void aRefusalIsRememberedForATenthOfASecondAtMost() {
        take(TEN_A_MINUTE, 10, 0);
        assertThat(take(TEN_A_MINUTE, 1, 0).taken()).isFalse();
        // A call on another node ends.
        grid.cluster.giveBack(TEN_A_MINUTE, 1);
        pass(99);
        assertThat(take(TEN_A_MINUTE, 1, 0).taken()).isFalse();
        pass(1);

        assertThat(take(TEN_A_MINUTE, 1, 0).taken()).isTrue();
    }

    @Test
    void aRefusalOfMuchDoesNotRefuseLittle() {
        take(TEN_A_MINUTE, 7, 0);

        assertThat(take(TEN_A_MINUTE, 5, 0).taken()).isFalse();
        assertThat(take(TEN_A_MINUTE, 3, 0).taken()).isTrue();
    }

    @Test
    void moreThanThereEverIsIsNeverGivenAndNeverAskedFor() {
        assertThat(take(TEN_A_MINUTE, 11, 0).waitNanos()).isEqualTo(Verdict.NEVER);
        assertThat(take(TEN_A_MINUTE, 8, 3).waitNanos()).isEqualTo(Verdict.NEVER);
        assertThat(join(store.waitNanos(TEN_A_MINUTE, 11, 0))).isEqualTo(Verdict.NEVER);
        assertThat(grid.takes).isZero();
    }

    @Test
    void allThereIsCanBeTakenAtOnceEvenWhileSomeOfItIsLent() {
        assertThat(take(THOUSAND_A_SECOND, 60_000, 0).taken()).isTrue();
        pass(70_000);
        assertThat(take(THOUSAND_A_SECOND, 60_000, 0).taken()).isTrue();

        Verdict next = take(THOUSAND_A_SECOND, 60_000, 0);

        assertThat(next.taken()).isFalse();
        pass(TimeUnit.NANOSECONDS.toMillis(next.waitNanos()) + 1);
        assertThat(take(THOUSAND_A_SECOND, 60_000, 0).taken()).isTrue();
        assertThat(take(THOUSAND_A_SECOND, 1, 0).taken()).isFalse();
    }

    @Test
    void aCallThatMustLeaveSomethingIsServedOnlyWhereThatIsLeft() {
        take(BUDGET, 78_000, 0);
        assertThat(take(BUDGET, 1_500, 20_000).taken()).isTrue();
        assertThat(take(BUDGET, 1_500, 20_000).taken()).isFalse();
        assertThat(take(BUDGET, 1_500, 0).taken()).isTrue();
        busy(BUDGET, 5);

        assertThat(take(BUDGET, 1, 20_000).taken()).isFalse();
    }

    @Test
    void whatRemainsIsKnownOnceTheClusterHasToldIt() {
        assertThat(store.remaining(BUDGET)).isEmpty();

        take(BUDGET, 78_000, 0);

        assertThat(store.remaining(BUDGET)).hasValue(22_000);
        assertThat(store.remaining(BUDGET)).hasValue(22_000);
        assertThat(left(BUDGET)).isEqualTo(22_000);
    }

    @Test
    void aSliceThatIsNotUsedFlowsBack() {
        busy(BUDGET, 100);
        assertThat(store.held(BUDGET.name())).isPositive();

        pass(1_300);

        assertThat(store.held(BUDGET.name())).isZero();
        assertThat(left(BUDGET)).isEqualTo(100_000 - 100);
    }

    @Test
    void allFlowsBackOnClose() {
        busy(BUDGET, 100);
        store.giveBack(BUDGET, 7);

        store.close();

        assertThat(left(BUDGET)).isEqualTo(100_000 - 93);
    }

    @Test
    void whatIsGivenBackGoesToTheClusterAtMostFiveTimesASecond() {
        take(TEN_A_MINUTE, 10, 0);
        for (int i = 0; i < 10; i++) {
            store.giveBack(TEN_A_MINUTE, 1);
            pass(50);
        }
        pass(300);

        assertThat(grid.givenBack).hasSizeLessThanOrEqualTo(4);
        assertThat(grid.givenBack.stream().mapToLong(Long::longValue).sum()).isEqualTo(10);
    }

    @Test
    void whatIsLostOnTheWayBackIsNotSentAgain() {
        take(TEN_A_MINUTE, 10, 0);
        grid.fails = true;

        store.giveBack(TEN_A_MINUTE, 4);
        pass(2_000);
        grid.fails = false;
        pass(2_000);

        assertThat(grid.givenBack).containsExactly(4L);
    }

    @Test
    void whatWasUsedBeyondIsTakenFromTheSliceAndThenFromTheCluster() {
        busy(BUDGET, 100);
        long held = store.held(BUDGET.name());

        store.charge(BUDGET, held + 500);

        assertThat(store.held(BUDGET.name())).isZero();
        assertThat(left(BUDGET)).isEqualTo(100_000 - 100 - held - 500);
    }

    @Test
    void aQuestionIsWaitedForAQuarterOfASecond() {
        grid.hold = true;
        CompletableFuture<Verdict> strict = store.take(TEN_A_MINUTE, 1, 0).toCompletableFuture();
        CompletableFuture<Verdict> behind = store.take(TEN_A_MINUTE, 1, 0).toCompletableFuture();

        pass(249);
        assertThat(strict).isNotDone();
        pass(1);

        assertThat(strict).isCompletedExceptionally();
        assertThat(behind).isCompletedExceptionally();
        assertThat(counts.timeouts.sum()).isEqualTo(1);
    }

    @Test
    void anOpenLimitLetsCallsThroughUncountedWhenTheClusterDoesNotAnswer() {
        Allowance open = new Allowance("open", TEN_A_MINUTE.shape(), OnLoss.OPEN);
        grid.hold = true;
        CompletableFuture<Verdict> waited = store.take(open, 1, 0).toCompletableFuture();
        pass(250);
        CompletableFuture<Verdict> atOnce = store.take(open, 1, 0).toCompletableFuture();

        assertThat(List.of(waited.join(), atOnce.join()))
                .allSatisfy(verdict ->
                        assertThat(verdict.taken() && !verdict.counted()).isTrue());
    }

    @Test
    void aLateAnswerIsKept() {
        busy(BUDGET, 100);
        long before = store.held(BUDGET.name());
        grid.hold = true;
        CompletableFuture<Verdict> call = store.take(BUDGET, before + 10, 0).toCompletableFuture();
        pass(400);
        assertThat(call).isCompletedExceptionally();

        grid.answerAll();

        assertThat(counts.lateAnswers.sum()).isEqualTo(1);
        grid.hold = false;
        pass(3_000);
        assertThat(left(BUDGET)).isEqualTo(100_000 - 100);
    }

    @Test
    void theSliceServesCallsWhileTheClusterIsSilent() {
        busy(BUDGET, 100);
        long held = store.held(BUDGET.name());
        grid.hold = true;
        assertThat(store.take(BUDGET, 40_000, 0).toCompletableFuture()).isNotDone();
        pass(250);

        assertThat(held).isPositive();
        assertThat(take(BUDGET, held, 0).taken()).isTrue();
        assertThat(store.take(BUDGET, 1, 0).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aSilentClusterIsLeftAloneForLongerAndLonger() {
        grid.fails = true;
        List<Long> asked = new ArrayList<>();
        for (int milli = 0; milli < 5_000; milli++) {
            int before = grid.takes;
            assertThat(store.take(TEN_A_MINUTE, 1, 0).toCompletableFuture()).isCompletedExceptionally();
            if (grid.takes > before) {
                asked.add((long) milli);
            }
            pass(1);
        }

        assertThat(asked).containsExactly(0L, 100L, 300L, 700L, 1_500L, 2_500L, 3_500L, 4_500L);
        assertThat(told).hasSize(1);
    }

    @Test
    void callsGoOnAtOnceWhenTheClusterAnswersAgain() {
        grid.fails = true;
        for (int milli = 0; milli < 3_000; milli++) {
            store.take(TEN_A_MINUTE, 1, 0);
            pass(1);
        }
        grid.fails = false;
        pass(3_000);

        for (int call = 0; call < 5; call++) {
            assertThat(take(TEN_A_MINUTE, 1, 0).taken()).isTrue();
        }
        assertThat(told).hasSize(2);
    }

    @Test
    void aPausedNodeDoesNotUseWhatItHeld() {
        busy(THOUSAND_A_SECOND, 200);
        assertThat(store.held(THOUSAND_A_SECOND.name())).isPositive();
        int before = grid.takes;
        // The process stands still: its clock goes on, its timers do not run.
        time.pass(Duration.ofSeconds(30));

        take(THOUSAND_A_SECOND, 1, 0);

        assertThat(grid.takes).isGreaterThan(before);
        assertThat(grid.givenBack).isEmpty();
    }

    @Test
    void callsThatWaitAreAskedForTogetherAndAnsweredInOrder() {
        take(BUDGET, 1, 0);
        grid.hold = true;
        List<Long> answered = new ArrayList<>();
        int before = grid.takes;
        for (long amount : new long[] {2_000, 30, 4_000, 50, 600}) {
            store.take(BUDGET, amount, 0).thenAccept(verdict -> answered.add(amount));
        }
        grid.answerAll();
        grid.answerAll();

        assertThat(answered).containsExactly(2_000L, 30L, 4_000L, 50L, 600L);
        assertThat(grid.takes - before).isEqualTo(2);
    }

    @Test
    void aLargeAmountIsNotOvertakenForever() {
        take(BUDGET, 1, 0);
        grid.hold = true;
        CompletableFuture<Verdict> first = store.take(BUDGET, 10, 0).toCompletableFuture();
        CompletableFuture<Verdict> large = store.take(BUDGET, 50_000, 0).toCompletableFuture();
        List<CompletableFuture<Verdict>> small = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            small.add(store.take(BUDGET, 3, 0).toCompletableFuture());
        }
        grid.answerAll();
        assertThat(first).isDone();
        assertThat(small).noneMatch(CompletableFuture::isDone);
        grid.answerAll();

        assertThat(large.join().taken()).isTrue();
    }

    @Test
    void aHotCallerOnOneNodeOfManyUsesTheWholeLimit() {
        Allowance limit = strict(new Shape.Bucket(600, Duration.ofMinutes(1)));
        take(limit, 600, 0);
        int taken = 0;
        for (int milli = 0; milli < 60_000; milli += 20) {
            taken += take(limit, 1, 0).taken() ? 1 : 0;
            pass(20);
        }

        assertThat(taken).isBetween(598, 601);
    }

    @Test
    void aBusyHotCallerUsesTheWholeOfALeasedLimit() {
        take(THOUSAND_A_SECOND, 60_000, 0);
        int taken = 0;
        for (int milli = 0; milli < 20_000; milli++) {
            taken += take(THOUSAND_A_SECOND, 1, 0).taken() ? 1 : 0;
            taken += take(THOUSAND_A_SECOND, 1, 0).taken() ? 1 : 0;
            pass(1);
        }

        assertThat(taken).isBetween(19_900, 20_001);
    }

    @Test
    void remainingCountsTheClusterAndTheSlice() {
        busy(BUDGET, 100);

        assertThat(take(BUDGET, 1, 0).remaining()).isEqualTo(100_000 - 101);
    }

    @Test
    void namesNoLongerUsedTakeNoMemory() {
        for (int name = 0; name < 50; name++) {
            store.take(new Allowance("name-" + name, BUDGET.shape(), OnLoss.STRICT), 1, 0);
        }
        assertThat(store.size()).isEqualTo(50);

        pass(12_000);

        assertThat(store.size()).isZero();
    }

    @Test
    void withTooManyNamesTheClusterIsAskedEachTime() {
        LeasingStore crowded = new LeasingStore(grid, 3, timers, time, counts, 1);
        join(crowded.take(BUDGET, 1, 0));
        Allowance other = new Allowance("other", BUDGET.shape(), OnLoss.STRICT);
        grid.hold = true;

        CompletableFuture<Verdict> answer = crowded.take(other, 1, 0).toCompletableFuture();
        pass(250);

        assertThat(crowded.size()).isEqualTo(1);
        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void aChangedAmountHoldsAtOnce() {
        busy(BUDGET, 100);
        Allowance less = strict(new Shape.Window(150, Instant.ofEpochSecond(4_000_000_000L)));

        int taken = 0;
        for (int call = 0; call < 300; call++) {
            taken += take(less, 1, 0).taken() ? 1 : 0;
            pass(5);
        }
        assertThat(taken).isEqualTo(50);
    }

    @Test
    void otherQuestionsAreWaitedForAQuarterOfASecondToo() {
        grid.hold = true;
        CompletableFuture<Long> wait = store.waitNanos(TEN_A_MINUTE, 1, 0).toCompletableFuture();
        CompletableFuture<Boolean> first = store.first("event", Instant.MAX).toCompletableFuture();
        pass(250);

        assertThat(wait).isCompletedExceptionally();
        assertThatThrownBy(first::join).hasCauseInstanceOf(ClusterSilentException.class);
    }

    private static Allowance strict(Shape shape) {
        return new Allowance("allowance", shape, OnLoss.STRICT);
    }

    private void busy(Allowance allowance, int calls) {
        for (int call = 0; call < calls; call++) {
            assertThat(take(allowance, 1, 0).taken()).isTrue();
            pass(2);
        }
    }

    private Verdict take(Allowance allowance, long amount, long leaving) {
        return join(store.take(allowance, amount, leaving));
    }

    private long left(Allowance allowance) {
        Verdict verdict = join(grid.cluster.take(new Lending(3).shared(allowance), 1, 0));
        grid.cluster.giveBack(allowance, 1);
        return verdict.remaining() + 1;
    }

    private void pass(long millis) {
        timers.pass(millis(millis));
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** A cluster that answers at once, or when it is told to, or fails. */
    private static final class HeldGrid implements LimitStore {
        private final LimitStore cluster;
        private final Deque<Runnable> held = new ArrayDeque<>();
        private final List<Long> givenBack = new ArrayList<>();
        private int takes;
        private int looks;
        private boolean hold;
        private boolean fails;

        HeldGrid(LimitStore cluster) {
            this.cluster = cluster;
        }

        /** Answers what has been asked up to now. */
        void answerAll() {
            for (int i = held.size(); i > 0; i--) {
                held.remove().run();
            }
        }

        @Override
        public CompletionStage<Verdict> take(Allowance allowance, long amount, long leaving) {
            takes++;
            return answer(() -> cluster.take(allowance, amount, leaving));
        }

        @Override
        public CompletionStage<Long> waitNanos(Allowance allowance, long amount, long leaving) {
            looks++;
            return answer(() -> cluster.waitNanos(allowance, amount, leaving));
        }

        @Override
        public void giveBack(Allowance allowance, long amount) {
            givenBack.add(amount);
            if (fails) {
                throw new IllegalStateException("no cluster");
            }
            cluster.giveBack(allowance, amount);
        }

        @Override
        public void charge(Allowance allowance, long amount) {
            cluster.charge(allowance, amount);
        }

        @Override
        public void seed(Allowance window, long charged) {
            cluster.seed(window, charged);
        }

        @Override
        public CompletionStage<Boolean> first(String event, Instant until) {
            return answer(() -> cluster.first(event, until));
        }

        @Override
        public void close() {}

        private <T> CompletionStage<T> answer(Supplier<CompletionStage<T>> question) {
            if (fails) {
                return CompletableFuture.failedStage(new IllegalStateException("no cluster"));
            }
            if (!hold) {
                return question.get();
            }
            CompletableFuture<T> answer = new CompletableFuture<>();
            held.add(() -> question.get().thenAccept(answer::complete));
            return answer;
        }
    }
}
