package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Refusal;
import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.SettingsOf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

class RuleLimitsProperties {
    private static final String[] KEYS = {"a", "b", "c"};
    private static final List<Per> PERS = List.of(Per.values());
    private static final String[] TEAMS = {"s", "t"};

    // The store is made to fail hundreds of times; the name is that of the logger under test.
    private static final Logger LOG = Logger.getLogger(RuleLimits.class.getName());

    private ManualTime time;
    private WatchedStore store;
    private LocalSlots slots;

    @BeforeTry
    void open() {
        LOG.setLevel(Level.OFF);
        time = new ManualTime();
        store = new WatchedStore(new LocalStore(time, time));
        slots = new LocalSlots();
    }

    @Property(tries = 200)
    void everyCallIsReservedWholeOrNotAtAllAndNothingIsLeftWhenAllAreSettled(@ForAll Random random) {
        Limits limits = randomLimits(random);
        List<Permit> underWay = new ArrayList<>();
        int admitted = 0;
        for (int step = 0; step < 150; step++) {
            boolean broken = random.nextInt(10) == 0;
            store.fails = broken ? bucket -> bucket.contains("team") : bucket -> false;
            Permit permit = reserve(limits, demand(random));
            if (permit != null) {
                admitted++;
                underWay.add(permit);
            }
            if (random.nextInt(3) == 0 && !underWay.isEmpty()) {
                Permit ended = underWay.remove(random.nextInt(underWay.size()));
                ended.settle(Amount.ONE_REQUEST);
                ended.settle(Amount.ONE_REQUEST);
            }
            time.passNanos(random.nextInt(5) * 1_000_000_000L);
        }
        underWay.forEach(permit -> permit.settle(Amount.ONE_REQUEST));

        assertThat(slots.names()).isZero();
        assertThat(store.taken.keySet().stream()
                        .filter(bucket -> bucket.startsWith("requests|global|||PT1M"))
                        .mapToInt(store::kept)
                        .sum())
                .isEqualTo(admitted);
        store.givenBack.forEach(
                (bucket, times) -> assertThat(times).isLessThanOrEqualTo(store.taken.getOrDefault(bucket, 0)));
    }

    @Property(tries = 5)
    void callsOfManyThreadsNeverExceedTheLimitNorLeaveSomethingHeld(@ForAll @IntRange(min = 1, max = 5) int most)
            throws Exception {
        Limits limits = new RuleLimits(
                SettingsOf.limits(
                        RuleLimitsTest.concurrent(Per.GLOBAL, most),
                        RuleLimitsTest.concurrent(Per.KEY, 2),
                        RuleLimitsTest.requests(Per.KEY, 1_000, Duration.ofDays(1))),
                new LocalStore(time, time),
                slots,
                1,
                time,
                LimitEvents.NONE);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger mostRunning = new AtomicInteger();
        AtomicInteger admitted = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Random random = new Random(i);
                work.add(threads.submit(() -> {
                    for (int n = 0; n < 2_000; n++) {
                        Permit permit = reserve(limits, demand(random));
                        if (permit != null) {
                            admitted.incrementAndGet();
                            mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
                            running.decrementAndGet();
                            permit.settle(Amount.ONE_REQUEST);
                        }
                    }
                }));
            }
            for (Future<?> each : work) {
                each.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(mostRunning.get()).isBetween(1, most);
        assertThat(admitted.get()).isBetween(1, KEYS.length * 1_000);
        assertThat(slots.names()).isZero();
    }

    @AfterTry
    void loud() {
        LOG.setLevel(null);
    }

    private Limits randomLimits(Random random) {
        List<Limit> limits = new ArrayList<>();
        limits.add(RuleLimitsTest.requests(Per.GLOBAL, 1 + random.nextInt(100), Duration.ofMinutes(1)));
        limits.add(RuleLimitsTest.requests(Per.TEAM, 1 + random.nextInt(30), Duration.ofMinutes(1)));
        for (int i = random.nextInt(4); i > 0; i--) {
            Per per = PERS.get(random.nextInt(PERS.size()));
            limits.add(
                    random.nextBoolean()
                            ? RuleLimitsTest.concurrent(per, 1 + random.nextInt(5))
                            : RuleLimitsTest.requests(per, 101 + random.nextInt(10), Duration.ofSeconds(1)));
        }
        return new RuleLimits(SettingsOf.limits(limits.toArray(Limit[]::new)), store, slots, 1, time, LimitEvents.NONE);
    }

    private static Demand demand(Random random) {
        Caller caller =
                new Caller(KEYS[random.nextInt(KEYS.length)], TEAMS[random.nextInt(TEAMS.length)], null, List.of("*"));
        return RuleLimitsTest.demand(caller, "smart", "192.0.2." + random.nextInt(3));
    }

    private static Permit reserve(Limits limits, Demand demand) {
        try {
            return limits.reserve(demand).toCompletableFuture().join();
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(Refusal.class);
            return null;
        }
    }
}
