package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.config.Settings.Rate;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.SettingsOf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RuleLimitsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualTime time = new ManualTime();
    private final WatchedStore store = new WatchedStore(new LocalStore(time, time));
    private final LocalSlots slots = new LocalSlots();

    @Test
    void withoutLimitsEveryCallGetsThroughAndNothingIsAsked() {
        Permit permit = permit(limits(), caller("a", "t"));

        assertThat(permit.headroom()).isEmpty();
        assertThat(store.questions).isZero();
    }

    @Test
    void eachKeyHasItsOwnRequests() {
        Limits limits = limits(requests(Per.KEY, 2, MINUTE));
        permit(limits, caller("a", null));
        permit(limits, caller("a", null));

        assertThat(refusal(limits, caller("a", null)).code()).isEqualTo(ErrorCode.POLICY_RATE_LIMITED);
        permit(limits, caller("b", null));
    }

    @Test
    void theKeysOfATeamShareTheTeamsRequests() {
        Limits limits = limits(requests(Per.TEAM, 2, MINUTE));
        permit(limits, caller("a", "search"));
        permit(limits, caller("b", "search"));

        assertThat(refusal(limits, caller("a", "search")).message()).startsWith("team \"search\" may make 2 requests");
        permit(limits, caller("c", "other"));
        permit(limits, caller("d", null));
    }

    @Test
    void aRefusalNamesTheLimitAndWhoseItIsAndTheTrueWait() {
        Limits limits = limits(requests(Per.KEY, 600, MINUTE));
        for (int i = 0; i < 600; i++) {
            permit(limits, caller("search-team-ci", null));
        }

        Refusal refusal = refusal(limits, caller("search-team-ci", null));

        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.message())
                .isEqualTo("key \"search-team-ci\" may make 600 requests per minute and has made them;"
                        + " try again in 100 ms");
        assertThat(refusal.retryAfter()).contains(Duration.ofMillis(100));
        time.pass(Duration.ofMillis(100));
        permit(limits, caller("search-team-ci", null));
    }

    @Test
    void aWaitThatIsNoWholeNumberIsRoundedUp() {
        Limits limits = limits(requests(Per.KEY, 3, Duration.ofSeconds(1)));
        for (int i = 0; i < 3; i++) {
            permit(limits, caller("a", null));
        }

        Duration wait = refusal(limits, caller("a", null)).retryAfter().orElseThrow();

        assertThat(wait).isEqualTo(Duration.ofMillis(334));
        time.pass(wait);
        permit(limits, caller("a", null));
    }

    @Test
    void theWaitIsTheLongestOfAllLimitsThatBind() {
        Limits limits = limits(requests(Per.KEY, 1, MINUTE), requests(Per.TEAM, 1, Duration.ofHours(1)));
        permit(limits, caller("a", "t"));

        Refusal refusal = refusal(limits, caller("a", "t"));

        assertThat(refusal.retryAfter()).contains(Duration.ofHours(1));
        assertThat(refusal.message())
                .startsWith("team \"t\" may make 1 request per hour")
                .endsWith("in 60 min");
        time.pass(Duration.ofHours(1));
        permit(limits, caller("a", "t"));
    }

    @Test
    void aRefusedCallCostsNothing() {
        Limits limits = limits(requests(Per.KEY, 5, MINUTE), requests(Per.GLOBAL, 1, MINUTE), concurrent(Per.KEY, 3));
        permit(limits, caller("a", null)).settle(Amount.ONE_REQUEST);

        for (int i = 0; i < 20; i++) {
            assertThat(refusal(limits, caller("a", null)).message())
                    .startsWith("everybody together may make 1 request");
        }

        assertThat(store.kept("requests|key|||PT1M|a")).isEqualTo(1);
        assertThat(slots.names()).isZero();
    }

    @Test
    void callsUnderWayAreLimitedUntilTheyAreSettled() {
        Limits limits = limits(concurrent(Per.KEY, 2));
        Permit first = permit(limits, caller("a", null));
        permit(limits, caller("a", null));

        Refusal refusal = refusal(limits, caller("a", null));
        assertThat(refusal.code()).isEqualTo(ErrorCode.POLICY_CONCURRENCY_LIMITED);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(refusal.message()).startsWith("key \"a\" may have 2 calls under way at a time");

        first.settle(Amount.ONE_REQUEST);
        first.settle(Amount.ONE_REQUEST);
        permit(limits, caller("a", null));
        refusal(limits, caller("a", null));
    }

    @Test
    void aCallRefusedForConcurrencyAsksNoStoreAndHoldsNoOtherSlot() {
        Limits limits = limits(concurrent(Per.KEY, 5), concurrent(Per.GLOBAL, 1), requests(Per.KEY, 9, MINUTE));
        Permit only = permit(limits, caller("a", null));
        int questions = store.questions;

        refusal(limits, caller("b", null));

        assertThat(store.questions).isEqualTo(questions);
        only.settle(Amount.ONE_REQUEST);
        assertThat(slots.names()).isZero();
    }

    @Test
    void aLimitForOneTeamConcernsOnlyThatTeam() {
        Limits limits = limits(new Limit(Per.USER, "team:staff", null, Optional.of(new Rate(1, MINUTE)), 0));
        permit(limits, new Caller("k", "staff", "ann", List.of("*")));
        permit(limits, new Caller("k", "staff", "bob", List.of("*")));
        permit(limits, new Caller("k", "other", "ann", List.of("*")));
        permit(limits, new Caller("k", "other", "ann", List.of("*")));

        assertThat(refusal(limits, new Caller("k", "staff", "ann", List.of("*")))
                        .message())
                .startsWith("user \"ann\"");
    }

    @Test
    void aLimitOnAModelConcernsOnlyCallsForIt() {
        Limits limits = limits(new Limit(Per.KEY, null, "claude-*", Optional.of(new Rate(1, MINUTE)), 0));
        reserve(limits, caller("a", null), "claude-x");

        Refusal refusal = refusalFor(limits, caller("a", null), "claude-y");

        assertThat(refusal.message()).startsWith("key \"a\" for model \"claude-*\" may make 1 request per minute");
        permit(limits, caller("a", null));
    }

    @Test
    void modelsAreCountedByTheirConfiguredNameSoInventedNamesGainNothing() {
        Settings settings = SettingsOf.settings(
                Map.of(),
                List.of(SettingsOf.model("claude-*", Pick.ORDER, List.of(new Target("p", "*", 1)), List.of())),
                List.of(requests(Per.MODEL, 1, MINUTE)));
        Limits limits = new RuleLimits(settings, store, slots, 1, time, LimitEvents.NONE);
        reserve(limits, caller("a", null), "claude-1");

        assertThat(refusalFor(limits, caller("b", null), "claude-2").message()).startsWith("model \"claude-*\"");
        reserve(limits, caller("a", null), "served-by-nothing");
        assertThat(store.taken).hasSize(1);
    }

    @Test
    void callersWithoutAKeyCountAsOne() {
        Limits limits = limits(requests(Per.KEY, 1, MINUTE));
        permit(limits, caller(null, null));

        assertThat(refusal(limits, caller(null, null)).message()).startsWith("everybody without a key together");
    }

    @Test
    void theAddressesOfOneSubscriberCountAsOne() {
        Limits limits = limits(requests(Per.IP, 1, MINUTE));
        reserveFrom(limits, "192.0.2.1");
        reserveFrom(limits, "192.0.2.2");
        reserveFrom(limits, "2001:db8:1:2::1");
        reserveFrom(limits, "2001:db8:1:3::1");

        assertThat(catchThrowable(() -> reserveFrom(limits, "2001:db8:1:2:ffff::9%eth0")))
                .hasRootCauseMessage("address 2001:db8:1:2::/64 may make 1 request per minute and has made them;"
                        + " try again in 60 s");
        assertThat(catchThrowable(() -> reserveFrom(limits, "::ffff:192.0.2.1")))
                .isNotNull();
    }

    @Test
    void headroomIsThatOfTheTightestLimit() {
        Permit permit = permit(
                limits(requests(Per.KEY, 10, MINUTE), requests(Per.GLOBAL, 4, Duration.ofHours(1))), caller("a", null));

        assertThat(permit.headroom())
                .containsExactly(new Permit.Headroom(
                        "requests", 4, 3, Duration.ofMinutes(15).toNanos()));
    }

    @Test
    void severalPeriodsHoldTogetherAndEqualOnesCountOnce() {
        Limits limits = limits(
                requests(Per.KEY, 5, MINUTE),
                requests(Per.KEY, 3, MINUTE),
                requests(Per.KEY, 2, Duration.ofSeconds(1)));
        permit(limits, caller("a", null));
        permit(limits, caller("a", null));
        assertThat(refusal(limits, caller("a", null)).message()).contains("2 requests per second");

        time.pass(Duration.ofSeconds(1));
        permit(limits, caller("a", null));
        assertThat(refusal(limits, caller("a", null)).message()).contains("3 requests per minute");
    }

    @Test
    void usageSurvivesAChangeOfTheConfiguration() {
        Limits before = limits(requests(Per.KEY, 4, MINUTE), concurrent(Per.KEY, 3));
        permit(before, caller("a", null));
        Permit underWay = permit(before, caller("a", null));

        Limits after = limits(requests(Per.KEY, 8, MINUTE), concurrent(Per.KEY, 3));
        Permit third = permit(after, caller("a", null));

        assertThat(third.headroom().get(0).remaining()).isEqualTo(3);
        assertThat(refusal(after, caller("a", null)).code()).isEqualTo(ErrorCode.POLICY_CONCURRENCY_LIMITED);
        underWay.settle(Amount.ONE_REQUEST);
        permit(after, caller("a", null));
    }

    @Test
    void aStoreThatFailsRefusesTheCallAndGivesBackOnlyWhatWasSurelyTaken() {
        Limits limits = limits(requests(Per.KEY, 5, MINUTE), requests(Per.GLOBAL, 5, MINUTE), concurrent(Per.KEY, 1));
        store.fails = bucket -> bucket.contains("global");
        store.failsAfterTaking = true;
        for (boolean atOnce : new boolean[] {false, true}) {
            store.throwsAtOnce = atOnce;

            Refusal refusal = refusal(limits, caller("a", null));

            assertThat(refusal.code()).isEqualTo(ErrorCode.GATEWAY_LIMITER_UNAVAILABLE);
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.message()).doesNotContain("not to be reached");
            assertThat(store.kept("requests|key|||PT1M|a")).isZero();
            assertThat(store.givenBack.keySet()).noneMatch(bucket -> bucket.contains("global"));
            assertThat(slots.names()).isZero();
        }
    }

    private Limits limits(Limit... limits) {
        return new RuleLimits(SettingsOf.limits(limits), store, slots, 1, time, LimitEvents.NONE);
    }

    static Limit requests(Per per, long amount, Duration period) {
        return new Limit(per, null, null, Optional.of(new Rate(amount, period)), 0);
    }

    static Limit concurrent(Per per, long most) {
        return new Limit(per, null, null, Optional.empty(), most);
    }

    private static Caller caller(String key, String team) {
        return new Caller(key, team, null, List.of("*"));
    }

    private static Permit permit(Limits limits, Caller caller) {
        return reserve(limits, caller, "smart");
    }

    private static Permit reserve(Limits limits, Caller caller, String model) {
        return limits.reserve(demand(caller, model, "192.0.2.1"))
                .toCompletableFuture()
                .join();
    }

    private static void reserveFrom(Limits limits, String address) {
        limits.reserve(demand(caller("a", null), "smart", address))
                .toCompletableFuture()
                .join();
    }

    private static Refusal refusal(Limits limits, Caller caller) {
        return refusalFor(limits, caller, "smart");
    }

    private static Refusal refusalFor(Limits limits, Caller caller, String model) {
        List<Throwable> failures = new ArrayList<>();
        limits.reserve(demand(caller, model, "192.0.2.1")).whenComplete((permit, failure) -> {
            Throwable cause = failure != null && failure.getCause() != null ? failure.getCause() : failure;
            failures.add(cause);
        });
        assertThat(failures).hasOnlyElementsOfType(Refusal.class);
        return (Refusal) failures.get(0);
    }

    static Demand demand(Caller caller, String model, String address) {
        return new Demand(caller, model, address, null, Amount.ONE_REQUEST, Priority.INTERACTIVE);
    }
}
