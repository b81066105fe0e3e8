package dev.tollgate.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RetryBudgetProperties {

    /** Calls come as they like, and every one of them fails and wants to be tried again, twice. */
    @Property(tries = 200)
    void attemptsAreHardlyMoreThanCallsHoweverManyFail(
            @ForAll @Size(min = 1, max = 120) List<@IntRange(min = 0, max = 60) Integer> callsEachSecond,
            @ForAll @IntRange(min = 1, max = 5) int tenants,
            @ForAll long seed) {
        ManualTime time = new ManualTime(seed);
        RetryBudget budget = new RetryBudget(time);
        Random random = new Random(seed);
        Map<String, Integer> calls = new HashMap<>();
        Map<String, Integer> retries = new HashMap<>();
        for (int each : callsEachSecond) {
            for (int i = 0; i < each; i++) {
                String tenant = "team " + random.nextInt(tenants);
                budget.called(tenant);
                calls.merge(tenant, 1, Integer::sum);
                for (int attempt = 2; attempt <= 3 && budget.retry(tenant) == null; attempt++) {
                    retries.merge(tenant, 1, Integer::sum);
                }
            }
            time.pass(Duration.ofSeconds(1));
        }
        int windows = callsEachSecond.size() / 10 + 1;
        retries.forEach((tenant, count) ->
                assertThat(count).isLessThanOrEqualTo(calls.getOrDefault(tenant, 0) * 16 / 100 + 10 * windows));
        assertThat(sum(retries)).isLessThanOrEqualTo(sum(calls) * 16 / 100 + 10 * windows);
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Example
    void aFewRetriesAreAlwaysThere() {
        RetryBudget budget = new RetryBudget(new ManualTime());
        budget.called("team a");
        for (int i = 0; i < 10; i++) {
            assertThat(budget.retry("team a")).isNull();
        }
        assertThat(budget.retry("team a")).isEqualTo(RetryBudget.Spent.TENANT);
    }

    @Example
    void theyAreThereAgainAfterTenSeconds() {
        ManualTime time = new ManualTime();
        RetryBudget budget = new RetryBudget(time);
        while (budget.retry("team a") == null) {
            budget.called("nobody");
        }
        time.pass(Duration.ofSeconds(9));
        assertThat(budget.retry("team a")).isNotNull();
        time.pass(Duration.ofSeconds(1));
        assertThat(budget.retry("team a")).isNull();
    }

    @Example
    void oneTenantTakesNothingFromAnother() {
        RetryBudget budget = new RetryBudget(new ManualTime());
        for (int i = 0; i < 100; i++) {
            budget.called("team greedy");
            budget.called("team modest");
        }
        while (budget.retry("team greedy") == null) {
            assertThat(budget).isNotNull();
        }
        assertThat(budget.retry("team modest")).isNull();
    }

    @Example
    void manyTenantsTogetherTakeNoMoreThanTheNodeHas() {
        RetryBudget budget = new RetryBudget(new ManualTime());
        int granted = 0;
        for (int i = 0; i < 1_000; i++) {
            budget.called("team " + i);
            granted += budget.retry("team " + i) == null ? 1 : 0;
        }
        assertThat(granted).isBetween(155, 160);
        assertThat(budget.retry("team new")).isEqualTo(RetryBudget.Spent.NODE);
    }

    @Property(tries = 100)
    void hedgesAreNeverMoreThanOneOfTwentyCalls(@ForAll @Size(max = 500) List<Boolean> slow) {
        HedgeBudget hedges = new HedgeBudget();
        int calls = 0;
        int taken = 0;
        for (boolean each : slow) {
            hedges.called();
            calls++;
            taken += each && hedges.take() ? 1 : 0;
            assertThat(taken).isLessThanOrEqualTo(calls / 20);
        }
    }

    @Property(tries = 200)
    void waitsAreDrawnFromAllThatIsAllowed(@ForAll @IntRange(min = 0, max = 100) int repeats, @ForAll long seed) {
        Duration wait = new Backoff(new Random(seed)).before(repeats);
        Duration most = Duration.ofMillis(Math.min(8_000, 250L << Math.min(repeats, 5)));
        assertThat(wait).isBetween(Duration.ZERO, most);
    }

    @Example
    void waitsAreSpreadEvenly() {
        Backoff backoff = new Backoff(new Random(1));
        long sum = 0;
        for (int i = 0; i < 10_000; i++) {
            sum += backoff.before(9).toMillis();
        }
        assertThat(sum / 10_000).isBetween(3_900L, 4_100L);
    }
}
