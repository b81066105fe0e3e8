package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.SettingsOf;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Looking at limits tells what reserving would, and takes nothing. */
class OutlookTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualTime time = new ManualTime();
    private final WatchedStore store = new WatchedStore(new LocalStore(time, time));
    private final LocalSlots slots = new LocalSlots();

    private Limits limits(Limit... limits) {
        return new RuleLimits(SettingsOf.limits(limits), store, slots, 1, time, LimitEvents.NONE);
    }

    private static Demand demand(Amount amount) {
        Caller caller = new Caller("ci", "search", null, List.of("*"));
        return new Demand(caller, "smart", "192.0.2.1", null, amount, Priority.INTERACTIVE);
    }

    private static Outlook look(Limits limits, Amount amount) {
        return limits.look(demand(amount)).toCompletableFuture().join();
    }

    private static Refusal refused(Limits limits, Amount amount) {
        Throwable failure = catchThrowable(
                () -> limits.reserve(demand(amount)).toCompletableFuture().join());
        return (Refusal) (failure instanceof CompletionException ? failure.getCause() : failure);
    }

    @Test
    void whatRemainsStaysThroughAnyNumberOfLooks() {
        Limits limits = limits(RuleLimitsTest.requests(Per.KEY, 2, MINUTE), RuleLimitsTest.concurrent(Per.TEAM, 3));
        limits.reserve(demand(Amount.ONE_REQUEST));

        for (int i = 0; i < 5; i++) {
            List<Prospect> prospects = look(limits, Amount.ONE_REQUEST).prospects();
            assertThat(prospects)
                    .extracting(Prospect::limit)
                    .containsExactly("team \"search\": 3 calls at a time", "key \"ci\": 2 requests per minute");
            assertThat(prospects)
                    .extracting(Prospect::remaining)
                    .containsExactly(OptionalLong.of(2), OptionalLong.of(1));
            assertThat(prospects).allMatch(each -> each.refusal().isEmpty());
        }
        assertThat(store.taken.values()).containsExactly(1);
    }

    @Test
    void aSpentLimitIsToldWithTheRefusalThatReservingWouldGive() {
        Limits limits =
                limits(RuleLimitsTest.requests(Per.KEY, 1, MINUTE), RuleLimitsTest.requests(Per.TEAM, 9, MINUTE));
        limits.reserve(demand(Amount.ONE_REQUEST));

        Refusal foreseen = look(limits, Amount.ONE_REQUEST).refusal().orElseThrow();

        Refusal real = refused(limits, Amount.ONE_REQUEST);
        assertThat(foreseen.code()).isEqualTo(ErrorCode.POLICY_RATE_LIMITED);
        assertThat(foreseen.message()).isEqualTo(real.message());
        assertThat(foreseen.retryAfter()).isEqualTo(real.retryAfter());
    }

    @Test
    void callsUnderWayCount() {
        Limits limits = limits(RuleLimitsTest.concurrent(Per.KEY, 1));
        Permit permit =
                limits.reserve(demand(Amount.ONE_REQUEST)).toCompletableFuture().join();

        Refusal foreseen = look(limits, Amount.ONE_REQUEST).refusal().orElseThrow();
        assertThat(foreseen.message())
                .isEqualTo(refused(limits, Amount.ONE_REQUEST).message());

        permit.settle(Amount.ONE_REQUEST);
        assertThat(look(limits, Amount.ONE_REQUEST).refusal()).isEmpty();
    }

    @Test
    void aShadowLimitRefusesNothingAndSaysWhatItWould() {
        Limits limits = limits(LimitOf.per(Per.KEY).requests(1, MINUTE).shadow().limit());
        limits.reserve(demand(Amount.ONE_REQUEST));

        Outlook outlook = look(limits, Amount.ONE_REQUEST);

        assertThat(outlook.refusal()).isEmpty();
        assertThat(outlook.prospects().get(0).refuses()).isFalse();
        assertThat(outlook.prospects().get(0).refusal()).isPresent();
    }

    @Test
    void aStoreThatDoesNotAnswerLeavesTheWaitUnknown() {
        Limits limits = limits(RuleLimitsTest.requests(Per.KEY, 1, MINUTE));
        store.fails = name -> true;

        Outlook outlook = look(limits, Amount.ONE_REQUEST);

        assertThat(outlook.refusal()).isEmpty();
        assertThat(outlook.prospects().get(0).waitNanos()).isEmpty();
    }

    @Test
    void whereNothingIsCountedOnlyWhatIsMoreThanThereEverIsIsRefused() {
        Limits unseen = new RuleLimits(
                SettingsOf.limits(LimitOf.per(Per.KEY).tokens(100, MINUTE).limit()),
                new UnseenStore(),
                new UnseenSlots(),
                3,
                time,
                LimitEvents.NONE);

        Outlook fits = look(unseen, new Amount(1, 50, 50, OptionalLong.empty()));
        assertThat(fits.refusal()).isEmpty();
        assertThat(fits.prospects().get(0).remaining()).isEmpty();
        assertThat(fits.prospects().get(0).waitNanos()).isEmpty();
        Outlook never = look(unseen, new Amount(1, 50, 51, OptionalLong.empty()));
        assertThat(never.refusal()).map(Refusal::code).contains(ErrorCode.POLICY_EXCEEDS_LIMIT);
    }
}
