package dev.tollgate.limit;

import static dev.tollgate.limit.LimitOf.USD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings.Mode;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.config.Settings.Raise;
import dev.tollgate.config.Settings.Unit;
import dev.tollgate.limit.Permit.Headroom;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.SettingsOf;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Limits on tokens and spend: what they take, give back, refuse and tell. */
class UnitsOfLimitsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Caller ANN = new Caller("ci", "search", "ann", List.of("*"));

    private final ManualTime time = new ManualTime(NOW.getEpochSecond() * 1_000_000_000L);
    private final WatchedStore store = new WatchedStore(new LocalStore(time, time));
    private final LocalSlots slots = new LocalSlots();
    private final List<String> told = new ArrayList<>();
    private final LimitEvents events = new LimitEvents() {
        @Override
        public void threshold(Per per, String whose, String message) {
            told.add(message);
        }

        @Override
        public void refused(Per per, String unit, Mode mode, String limit, String message) {
            told.add(mode + " " + unit + " " + limit);
        }
    };

    @Test
    void tokensAreTakenOfInputAndOutputTogetherAndApart() {
        Limits limits = limits(LimitOf.per(Per.KEY)
                .tokens(1_000, MINUTE)
                .inputTokens(700, MINUTE)
                .outputTokens(400, MINUTE));

        Permit permit = permit(limits, tokens(600, 300));

        assertThat(permit.headroom())
                .extracting(Headroom::unit, Headroom::limit, Headroom::remaining)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("tokens", 1_000L, 100L),
                        org.assertj.core.groups.Tuple.tuple("input-tokens", 700L, 100L),
                        org.assertj.core.groups.Tuple.tuple("output-tokens", 400L, 100L));
        Refusal refusal = refusal(limits, tokens(50, 101));
        assertThat(refusal.code()).isEqualTo(ErrorCode.POLICY_RATE_LIMITED);
        assertThat(refusal.message())
                .isEqualTo("key \"ci\" may use 1000 tokens per minute; this call may use up to 151 and 100 are left; "
                        + "try again in 4 s");
        assertThat(refusal.retryAfter()).contains(Duration.ofMillis(3_060));
        time.pass(Duration.ofMillis(3_060));
        permit(limits, tokens(50, 101));
    }

    @Test
    void whatWasNotUsedComesBackAndWhatWasUsedBeyondIsOwed() {
        Limits limits = limits(LimitOf.per(Per.KEY).tokens(1_000, Duration.ofDays(1)));
        Permit less = permit(limits, tokens(500, 500));
        less.settle(tokens(100, 50));
        less.settle(tokens(0, 0));
        assertThat(permit(limits, tokens(800, 0)).headroom().get(0).remaining()).isEqualTo(50);

        Permit more = permit(limits, tokens(10, 10));
        more.settle(tokens(10, 200));

        refusal(limits, tokens(1, 0));
        assertThat(store.kept("tokens|key|||PT24H|ci")).isPositive();
    }

    @Test
    void aRequestStaysUsedUnlessNothingWasSent() {
        Limits limits = limits(LimitOf.per(Per.KEY).requests(2, Unit.MONTH));
        permit(limits, tokens(1, 1)).settle(tokens(1, 1));
        permit(limits, tokens(1, 1)).settle(new Amount(0, 0, 0, OptionalLong.empty()));
        permit(limits, tokens(1, 1)).withdraw();
        permit(limits, tokens(1, 1));

        Refusal refusal = refusal(limits, tokens(1, 1));

        assertThat(refusal.message())
                .startsWith("key \"ci\" may make 2 requests per month and has made them; try again");
        assertThat(refusal.retryAfter()).contains(Duration.between(NOW, Instant.parse("2026-12-01T00:00:00Z")));
    }

    @Test
    void aCallThatIsMoreThanTheLimitEverAllowsIsToldSoAndNotToWait() {
        Limits limits = limits(
                LimitOf.per(Per.KEY).requests(1, MINUTE), LimitOf.per(Per.TEAM).tokens(1_000, MINUTE));
        permit(limits, tokens(1, 1));

        Refusal refusal = refusal(limits, tokens(200, 900));

        assertThat(refusal.code()).isEqualTo(ErrorCode.POLICY_EXCEEDS_LIMIT);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.retryAfter()).isEmpty();
        assertThat(refusal.message())
                .isEqualTo(
                        "this call may use up to 1100 tokens, and team \"search\" may use 1000 tokens per minute at most; ask"
                                + " for fewer output tokens (it may produce up to 900; the field is max_tokens or its like) or"
                                + " shorten the request");
    }

    @Test
    void aSpentBudgetSaysWhoseItIsHowMuchWasSpentAndWhenItResets() {
        Limits limits = limits(LimitOf.per(Per.TEAM).spend(500, Unit.MONTH));
        permit(limits, dollars(480)).settle(dollars(499.50));

        Refusal refusal = refusal(limits, dollars(0.75));

        assertThat(refusal.code()).isEqualTo(ErrorCode.POLICY_BUDGET_EXCEEDED);
        assertThat(refusal.retryAfter()).isEmpty();
        assertThat(refusal.message())
                .isEqualTo(
                        "team \"search\" has spent 499.5 of 500 USD this month (calls under way included), and this call may"
                                + " cost up to 0.75 USD; resets 2026-12-01T00:00Z");
        time.pass(Duration.between(NOW, Instant.parse("2026-12-01T00:00:00Z")));
        permit(limits, dollars(0.75));
    }

    @Test
    void budgetsAtSeveralLevelsAreReservedTogetherAndARefusalCostsNone() {
        Limits limits = limits(
                LimitOf.per(Per.KEY).spend(100, Unit.DAY),
                LimitOf.per(Per.TEAM).spend(20, Unit.WEEK),
                LimitOf.per(Per.GLOBAL).spend(1_000, Unit.MONTH));
        permit(limits, dollars(15));

        for (int i = 0; i < 3; i++) {
            assertThat(refusal(limits, dollars(6)).message())
                    .startsWith("team \"search\" has spent 15 of 20 USD this week")
                    .endsWith("resets 2026-11-30T00:00Z");
        }

        permit(limits, dollars(5));
        assertThat(remaining("spend|key|||day@Z|2026-11-24|ci", 100)).isEqualTo(80 * USD);
    }

    @Test
    void theBudgetThatMakesTheCallerWaitLongestIsNamedWithItsFigures() {
        Limits limits = limits(
                LimitOf.per(Per.KEY).spend(10, Unit.DAY),
                LimitOf.per(Per.GLOBAL).spend(12, Unit.MONTH));
        permit(limits, dollars(9));

        assertThat(refusal(limits, dollars(5)).message())
                .startsWith("everybody together has spent 9 of 12 USD this month");
    }

    @Test
    void thresholdsAreToldOnceInAWindow() {
        Limits limits = limits(LimitOf.per(Per.TEAM).spend(100, Unit.MONTH, 50L, 80L));
        permit(limits, dollars(40)).settle(dollars(40));
        assertThat(told).isEmpty();

        permit(limits, dollars(30)).settle(dollars(15));
        permit(limits, dollars(5)).settle(dollars(5));
        assertThat(told).containsExactly("team \"search\" has spent 50 of 100 USD this month");

        permit(limits, dollars(25)).settle(dollars(25));
        refusal(limits, dollars(20));
        refusal(limits, dollars(20));
        assertThat(told)
                .filteredOn(message -> !message.startsWith("ENFORCE"))
                .hasSize(3)
                .contains("team \"search\" has spent 80 of 100 USD this month")
                .last()
                .asString()
                .startsWith("calls are refused: team \"search\" has spent 85 of 100 USD this month");

        time.pass(Duration.ofDays(10));
        permit(limits, dollars(60)).settle(dollars(60));
        assertThat(told).last().asString().startsWith("team \"search\" has spent 50 of 100 USD");
    }

    @Test
    void aBudgetThatOnlyWarnsRefusesNothingAndTellsOnce() {
        Limits limits = limits(LimitOf.per(Per.TEAM).spend(10, Unit.MONTH).warnOnly());
        for (int i = 0; i < 5; i++) {
            permit(limits, dollars(4)).settle(dollars(5));
        }

        assertThat(told)
                .hasSize(1)
                .first()
                .asString()
                .startsWith("calls would be refused: team \"search\" has spent 10 of 10");
        assertThat(remaining("told|spend|team|||month@Z|2026-11|search", 10)).isEqualTo(-15 * USD);
    }

    @Test
    void aRaiseCountsWhileItRunsForWhomItIsMeant() {
        Raise raise =
                new Raise(50 * USD, Optional.of(NOW.plusSeconds(60)), NOW.plus(Duration.ofDays(1)), "team:search");
        Limits limits = limits(LimitOf.per(Per.TEAM).spend(100, Unit.MONTH).raised(raise));
        permit(limits, dollars(100)).settle(dollars(100));
        refusal(limits, dollars(1));

        time.pass(MINUTE);
        permit(limits, dollars(30));
        Caller other = new Caller("k", "other", null, List.of("*"));
        assertThat(refusal(limits, demand(other, dollars(101))).code()).isEqualTo(ErrorCode.POLICY_EXCEEDS_LIMIT);

        time.pass(Duration.ofDays(1));
        assertThat(refusal(limits, dollars(1)).message()).contains("has spent 130 of 100 USD");
    }

    @Test
    void whatHasNoPriceIsRefusedOrNotCountedAndNeverFree() {
        Limits refusing = limits(LimitOf.per(Per.KEY).spend(10, Unit.DAY));
        Refusal refusal = refusal(refusing, tokens(5, 5));
        assertThat(refusal.code()).isEqualTo(ErrorCode.POLICY_UNPRICED);
        assertThat(refusal.message())
                .startsWith("the price of model \"smart\" is not known to this gateway, and key \"ci\"");

        Limits allowing = limits(LimitOf.per(Per.KEY).spend(10, Unit.DAY).allowingUnpriced());
        permit(allowing, tokens(5, 5)).settle(tokens(5, 5));
        // Another target answered than expected, and its price is known.
        permit(allowing, tokens(5, 5)).settle(dollars(10));
        assertThat(refusal(allowing, dollars(1)).code()).isEqualTo(ErrorCode.POLICY_BUDGET_EXCEEDED);
        permit(allowing, tokens(5, 5));
    }

    @Test
    void inShadowModeNothingIsRefusedAndWhatWouldHaveBeenIsToldAndNotCounted() {
        Limits limits = limits(
                LimitOf.per(Per.KEY).tokens(100, MINUTE).concurrent(1).shadow(),
                LimitOf.per(Per.KEY).tokens(1_000, MINUTE));

        Permit first = permit(limits, tokens(50, 40));
        Permit second = permit(limits, tokens(10, 10));

        assertThat(first.shadowed()).isEmpty();
        assertThat(second.shadowed())
                .containsExactly("key \"ci\": 1 call at a time", "key \"ci\": 100 tokens per minute");
        assertThat(told)
                .containsExactly(
                        "SHADOW calls key \"ci\": 1 call at a time", "SHADOW tokens key \"ci\": 100 tokens per minute");
        assertThat(second.headroom()).extracting(Headroom::remaining).containsExactly(890L);
        second.settle(tokens(10, 10));
        first.settle(tokens(50, 40));
        assertThat(permit(limits, tokens(5, 5)).shadowed()).isEmpty();
    }

    @Test
    void aStoreThatFailsIsNoReasonToRefuseForALimitInShadowMode() {
        store.fails = name -> name.startsWith("shadow|");
        Limits limits = limits(LimitOf.per(Per.KEY).tokens(100, MINUTE).shadow());

        permit(limits, tokens(50, 40)).settle(tokens(1, 1));

        assertThat(store.givenBack).isEmpty();
    }

    @Test
    void limitsInShadowModeAreAskedAllAtOnce() {
        store.isSilent = true;
        Limits limits = limits(
                LimitOf.per(Per.KEY).tokens(100, MINUTE).shadow(),
                LimitOf.per(Per.TEAM).tokens(100, MINUTE).shadow());

        CompletionStage<Permit> waiting = limits.reserve(demand(ANN, tokens(50, 40)));

        assertThat(waiting.toCompletableFuture()).isNotDone();
        assertThat(store.questions).isEqualTo(2);
    }

    @Test
    void callsOfPriorityBatchLeaveWhatIsKeptForInteractiveOnes() {
        Limits limits = limits(
                LimitOf.per(Per.KEY).requests(10, MINUTE).concurrent(10).interactiveShare(20),
                LimitOf.per(Per.TEAM).spend(10, Unit.DAY).interactiveShare(50));
        for (int i = 0; i < 8; i++) {
            permit(limits, batch(dollars(0.5))).settle(dollars(0.5));
        }

        assertThat(refusal(limits, batch(dollars(0.5))).message())
                .startsWith(
                        "key \"ci\" may make 10 requests per minute and has made them, but for 2 kept for interactive calls");
        assertThat(refusal(limits, batch(dollars(6))).message())
                .contains("team \"search\" may spend 5 USD per day at most (the rest is kept for interactive calls)");
        permit(limits, dollars(5));
    }

    @Test
    void aCallMayLowerItsPriorityAndNotRaiseIt() {
        assertThat(Priority.INTERACTIVE.lowered("batch")).isEqualTo(Priority.BATCH);
        assertThat(Priority.INTERACTIVE.lowered("Batch")).isEqualTo(Priority.BATCH);
        assertThat(Priority.INTERACTIVE.lowered(null)).isEqualTo(Priority.INTERACTIVE);
        assertThat(Priority.BATCH.lowered("interactive")).isEqualTo(Priority.BATCH);
        assertThat(Priority.BATCH.lowered(null)).isEqualTo(Priority.BATCH);
    }

    @Test
    void aCallUnderWayIsRefusedMoreMoneyThanThereIsAndChargedMoreTokens() {
        Limits limits = limits(
                LimitOf.per(Per.KEY).tokens(100, Duration.ofDays(1)).spend(10, Unit.DAY),
                LimitOf.per(Per.TEAM).spend(5, Unit.DAY));
        Permit permit = permit(limits, new Amount(1, 50, 50, OptionalLong.of(4 * USD)));

        assertThat(outcome(permit.extend(new Amount(0, 0, 30, OptionalLong.of(USD)))))
                .isNull();
        Refusal refusal = outcome(permit.extend(new Amount(0, 0, 30, OptionalLong.of(USD))));

        assertThat(refusal.code()).isEqualTo(ErrorCode.POLICY_BUDGET_EXCEEDED);
        assertThat(refusal.message()).startsWith("team \"search\" has spent 5 of 5 USD this day");
        permit.settle(new Amount(1, 50, 80, OptionalLong.of(5 * USD)));
        assertThat(remaining("spend|key|||day@Z|2026-11-24|ci", 10)).isEqualTo(5 * USD);
        assertThat(outcome(permit.extend(dollars(5)))).isNull();
        assertThat(remaining("spend|key|||day@Z|2026-11-24|ci", 10)).isEqualTo(5 * USD);
    }

    @Test
    void aCallUnderWayThatIsRefusedAPartLargerThanTheBudgetHasSpentItAndNotAskedForTooMuch() {
        Permit permit = permit(limits(LimitOf.per(Per.TEAM).spend(5, Unit.DAY)), dollars(4));

        Refusal refusal = outcome(permit.extend(dollars(6)));

        assertThat(refusal.code()).isEqualTo(ErrorCode.POLICY_BUDGET_EXCEEDED);
        assertThat(refusal.message()).startsWith("team \"search\" has spent 4 of 5 USD this day");
    }

    @Test
    void limitsOfProvidersConcernAttemptsAndNoOthers() {
        Limits limits = limits(
                LimitOf.per(Per.PROVIDER).requests(1, MINUTE),
                LimitOf.per(Per.KEY).of("provider:openai").tokens(10, MINUTE),
                LimitOf.per(Per.KEY).requests(100, MINUTE));
        permit(limits, tokens(500, 500));
        permit(limits, attempt("openai", tokens(5, 5)));

        assertThat(refusal(limits, attempt("openai", tokens(0, 0))).message())
                .startsWith("provider \"openai\" may make 1 request per minute");
        permit(limits, attempt("azure", tokens(50, 50)));
        assertThat(store.kept("requests|key|||PT1M|ci")).isEqualTo(1);
    }

    @Test
    void whatTheLedgerRemembersOfWindowsThatStillRunIsCounted() {
        Limits limits = limits(
                LimitOf.per(Per.TEAM).spend(10, Unit.DAY),
                LimitOf.per(Per.TEAM).spend(100, Unit.MONTH),
                LimitOf.per(Per.KEY).requests(5, Unit.WEEK).tokens(10, MINUTE),
                LimitOf.per(Per.IP).spend(1, Unit.DAY));
        Instant yesterday = NOW.minus(Duration.ofDays(1));
        limits.seed(Stream.of(
                new PastUse(NOW.minusSeconds(60), "ci", "search", null, "smart", null, dollars(3)),
                new PastUse(NOW.minusSeconds(50), "other", "search", null, "smart", null, dollars(4)),
                new PastUse(NOW.minusSeconds(50), "ci", "search", null, "smart", "openai", dollars(4)),
                new PastUse(yesterday, "ci", "search", null, "smart", null, dollars(50)),
                new PastUse(NOW.minus(Duration.ofDays(30)), "ci", "search", null, "smart", null, dollars(40))));

        assertThat(remaining("spend|team|||day@Z|2026-11-24|search", 10)).isEqualTo(3 * USD);
        assertThat(remaining("spend|team|||month@Z|2026-11|search", 100)).isEqualTo(43 * USD);
        assertThat(permit(limits, dollars(0.1)).headroom().get(0).remaining()).isEqualTo(2);
    }

    @Test
    void aHundredCallsAtOnceSpendAtMostWhatIsThere() throws Exception {
        Limits limits = limits(
                LimitOf.per(Per.KEY).spend(10, Unit.DAY), LimitOf.per(Per.TEAM).spend(100, Unit.DAY));
        List<CompletionStage<Permit>> asked = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            threads.add(new Thread(() -> {
                CompletionStage<Permit> permit = limits.reserve(demand(ANN, dollars(1)));
                synchronized (asked) {
                    asked.add(permit);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        List<Permit> admitted = asked.stream()
                .filter(permit -> !permit.toCompletableFuture().isCompletedExceptionally())
                .map(permit -> permit.toCompletableFuture().join())
                .toList();
        assertThat(admitted).hasSize(10);
        admitted.forEach(permit -> permit.settle(dollars(1)));
        assertThat(remaining("spend|team|||day@Z|2026-11-24|search", 100)).isEqualTo(90 * USD);
    }

    private Limits limits(LimitOf... limits) {
        return new RuleLimits(
                SettingsOf.limits(
                        Arrays.stream(limits).map(LimitOf::limit).toArray(dev.tollgate.config.Settings.Limit[]::new)),
                store,
                slots,
                1,
                time,
                events);
    }

    private long remaining(String window, long usd) {
        Allowance allowance = new Allowance(
                window,
                new Allowance.Shape.Window(usd * USD, NOW.plus(Duration.ofDays(30))),
                dev.tollgate.config.Settings.OnLoss.STRICT);
        return store.take(allowance, 1_000_000 * USD, 0)
                .toCompletableFuture()
                .join()
                .remaining();
    }

    private static Amount tokens(long input, long output) {
        return new Amount(1, input, output, OptionalLong.empty());
    }

    private static Amount dollars(double usd) {
        return new Amount(1, 0, 0, OptionalLong.of(Math.round(usd * USD)));
    }

    private static Demand demand(Caller caller, Amount amount) {
        return new Demand(caller, "smart", "192.0.2.1", null, amount, Priority.INTERACTIVE);
    }

    private static Demand batch(Amount amount) {
        return new Demand(ANN, "smart", "192.0.2.1", null, amount, Priority.BATCH);
    }

    private static Demand attempt(String provider, Amount amount) {
        return new Demand(ANN, "smart", "192.0.2.1", provider, amount, Priority.INTERACTIVE);
    }

    private static Permit permit(Limits limits, Amount amount) {
        return permit(limits, demand(ANN, amount));
    }

    private static Permit permit(Limits limits, Demand demand) {
        return limits.reserve(demand).toCompletableFuture().join();
    }

    private static Refusal refusal(Limits limits, Amount amount) {
        return refusal(limits, demand(ANN, amount));
    }

    private static Refusal refusal(Limits limits, Demand demand) {
        Refusal refusal = outcome(limits.reserve(demand));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static Refusal outcome(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().join();
            return null;
        } catch (CompletionException e) {
            return (Refusal) e.getCause();
        }
    }
}
