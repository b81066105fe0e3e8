package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Refusal;
import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.config.Settings.Unit;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.SettingsOf;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletionException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeTry;

/** Random calls against a model of a few lines: what the limits let through, and what is left of them. */
class ReservationProperties {
    private static final Instant START = Instant.parse("2026-11-03T00:00:00Z");
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private ManualTime time;
    private LocalStore store;
    private Limits limits;
    private Model model;

    @BeforeTry
    void open() {
        time = new ManualTime(START.getEpochSecond() * 1_000_000_000L);
        store = new LocalStore(time, time);
        model = new Model();
        limits = configured(20, 100);
    }

    @Property(tries = 300)
    void whatIsLetThroughAndWhatIsLeftAreAsTheModelSays(@ForAll Random random) {
        List<UnderWay> calls = new ArrayList<>();
        for (int step = 0; step < 120; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> call(random, calls);
                case 3, 4 -> end(random, calls);
                case 5 -> more(random, calls);
                case 6 -> pass(1_000_000L * random.nextInt(4_000));
                default -> {
                    if (random.nextInt(10) == 0) {
                        long day = 10L + random.nextInt(20);
                        limits = configured(day, 80 + random.nextInt(40));
                    }
                }
            }
            assertThat(model.spent()).isLessThanOrEqualTo(model.mostSpent);
        }
        calls.forEach(each -> each.settle(new Amount(1, 0, 0, OptionalLong.of(0)), model));
        model.allowances.forEach(
                (name, allowance) -> assertThat(left(name)).as(name).isEqualTo(allowance.left()));
    }

    private void call(Random random, List<UnderWay> calls) {
        String key = "k" + random.nextInt(3);
        Amount amount = amount(random, 1);
        Permit permit = reserve(key, amount);
        assertThat(permit != null).isEqualTo(model.admits(key, amount));
        if (permit != null) {
            model.take(key, amount, 1);
            model.reserved(amount.nanoUsd().orElse(0));
            calls.add(new UnderWay(key, limits, permit, amount));
        }
    }

    private void end(Random random, List<UnderWay> calls) {
        if (calls.isEmpty()) {
            return;
        }
        UnderWay call = calls.remove(random.nextInt(calls.size()));
        if (random.nextInt(4) == 0) {
            call.permit.withdraw();
            model.take(call.key, call.amount, -1);
            model.actual(call.amount.nanoUsd().orElse(0), 0);
        } else {
            call.settle(amount(random, 1), model);
        }
        call.permit.settle(amount(random, 1)); // Nothing comes of a second end.
    }

    private void more(Random random, List<UnderWay> calls) {
        if (calls.isEmpty()) {
            return;
        }
        int chosen = random.nextInt(calls.size());
        UnderWay call = calls.get(chosen);
        if (call.under != limits) {
            return; // It goes on under the configuration that it began with.
        }
        Amount more = amount(random, 0);
        boolean granted = succeeds(call.permit, more);
        assertThat(granted).isEqualTo(model.lets(more));
        if (granted) {
            model.take(call.key, more, 1);
            model.reserved(more.nanoUsd().orElse(0));
            calls.set(chosen, new UnderWay(call.key, limits, call.permit, sum(call.amount, more)));
        }
    }

    private void pass(long nanos) {
        time.passNanos(nanos);
        model.pass(nanos);
    }

    private static boolean succeeds(Permit permit, Amount more) {
        try {
            permit.extend(more).toCompletableFuture().join();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }

    private static Amount amount(Random random, long requests) {
        return new Amount(requests, random.nextInt(30), random.nextInt(30), OptionalLong.of(random.nextInt(4)));
    }

    private static Amount sum(Amount one, Amount other) {
        return new Amount(
                one.requests() + other.requests(),
                one.inputTokens() + other.inputTokens(),
                one.outputTokens() + other.outputTokens(),
                OptionalLong.of(one.nanoUsd().orElse(0) + other.nanoUsd().orElse(0)));
    }

    private static Amount difference(Amount one, Amount other) {
        return new Amount(
                one.requests() - other.requests(),
                one.inputTokens() - other.inputTokens(),
                one.outputTokens() - other.outputTokens(),
                OptionalLong.of(one.nanoUsd().orElse(0) - other.nanoUsd().orElse(0)));
    }

    private Permit reserve(String key, Amount amount) {
        Caller caller = new Caller(key, "team", null, List.of("*"));
        try {
            return limits.reserve(new Demand(caller, "smart", "192.0.2.1", null, amount, Priority.INTERACTIVE))
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(Refusal.class);
            return null;
        }
    }

    /** Limits whose budgets are in nano-USD, so that they are soon spent. */
    private Limits configured(long day, long month) {
        model.resize("spend|team|||day@Z|2026-11-03|team", day);
        model.resize("spend|global|||month@Z|2026-11|", month);
        model.mostSpent = Math.max(model.mostSpent, day + model.excess);
        Limit[] all = {
            LimitOf.per(Per.KEY).requests(8, PERIOD).tokens(200, PERIOD).limit(),
            LimitOf.per(Per.GLOBAL).outputTokens(150, PERIOD).limit(),
            LimitOf.per(Per.TEAM).spendNano(day, Unit.DAY).limit(),
            LimitOf.per(Per.GLOBAL).spendNano(month, Unit.MONTH).limit()
        };
        return new RuleLimits(SettingsOf.limits(all), store, new LocalSlots(), 1, time, LimitEvents.NONE);
    }

    private long left(String name) {
        Allowance.Shape shape = name.startsWith("spend")
                ? new Allowance.Shape.Window(
                        model.capacity(name), time.instant().plusSeconds(60))
                : new Allowance.Shape.Bucket(model.capacity(name), PERIOD);
        Allowance allowance = new Allowance(name, shape, OnLoss.STRICT);
        return store.take(allowance, model.capacity(name) * 2, 0)
                .toCompletableFuture()
                .join()
                .remaining();
    }

    private record UnderWay(String key, Limits under, Permit permit, Amount amount) {
        void settle(Amount used, Model model) {
            permit.settle(used);
            model.take(key, difference(used, amount), 1);
            model.actual(amount.nanoUsd().orElse(0), used.nanoUsd().orElse(0));
        }
    }

    private static final class Model {
        private final Map<String, ReferenceAllowance> allowances = new LinkedHashMap<>();
        private final Map<String, Long> capacities = new LinkedHashMap<>();
        private long spent;
        private long mostSpent;
        private long excess;

        private Model() {
            for (String key : List.of("k0", "k1", "k2")) {
                bucket("requests|key|||PT10S|" + key, 8);
                bucket("tokens|key|||PT10S|" + key, 200);
            }
            bucket("output-tokens|global|||PT10S|", 150);
        }

        private void bucket(String name, long capacity) {
            capacities.put(name, capacity);
            allowances.put(name, ReferenceAllowance.bucket(capacity, PERIOD.toNanos()));
        }

        void resize(String window, long capacity) {
            capacities.put(window, capacity);
            allowances
                    .computeIfAbsent(window, absent -> ReferenceAllowance.window(capacity))
                    .resize(capacity);
        }

        long capacity(String name) {
            return capacities.getOrDefault(name, 0L);
        }

        private Map<String, Long> needs(String key, Amount amount) {
            Map<String, Long> needs = new LinkedHashMap<>();
            allowances.keySet().forEach(name -> {
                if (name.startsWith("requests") && name.endsWith(key)) {
                    needs.put(name, amount.requests());
                } else if (name.startsWith("tokens") && name.endsWith(key)) {
                    needs.put(name, amount.inputTokens() + amount.outputTokens());
                } else if (name.startsWith("output")) {
                    needs.put(name, amount.outputTokens());
                } else if (name.startsWith("spend")) {
                    needs.put(name, amount.nanoUsd().orElse(0));
                }
            });
            return needs;
        }

        boolean admits(String key, Amount amount) {
            return needs(key, amount).entrySet().stream()
                    .allMatch(need -> need.getValue() == 0 || has(need.getKey(), need.getValue()));
        }

        boolean lets(Amount more) {
            return needs("none", more).entrySet().stream()
                    .filter(need -> need.getKey().startsWith("spend"))
                    .allMatch(need -> need.getValue() == 0 || has(need.getKey(), need.getValue()));
        }

        private boolean has(String name, long amount) {
            ReferenceAllowance allowance = allowances.get(name);
            return allowance != null && allowance.has(amount);
        }

        void take(String key, Amount amount, int sign) {
            needs(key, amount).forEach((name, need) -> allowances.get(name).take(sign * need));
        }

        void pass(long nanos) {
            allowances.forEach((name, allowance) -> {
                if (!name.startsWith("spend")) {
                    allowance.pass(nanos);
                }
            });
        }

        void reserved(long nanoUsd) {
            spent += nanoUsd;
        }

        void actual(long reserved, long used) {
            spent += used - reserved;
            excess += Math.max(0, used - reserved);
            mostSpent += Math.max(0, used - reserved);
        }

        /** What is spent or may be by calls under way. */
        long spent() {
            return spent;
        }
    }
}
