package dev.tollgate.choose;

import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Traits;
import dev.tollgate.health.HealthEvents;
import dev.tollgate.health.LocalHealth;
import dev.tollgate.health.Trial;
import dev.tollgate.health.Verdict;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.SettingsOf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Predicate;

/** Calls that come at random times to targets whose first token takes about 200 ms, in simulated time; health sees all of it. */
final class Traffic {
    private static final double FIRST_TOKEN_NANOS = 200e6;
    private static final double SPREAD = 0.3;
    private static final long REST_NANOS = 1_000_000_000L;

    private final ManualTime time = new ManualTime();
    private final Random random = new Random(11);
    private final LocalHealth health = new LocalHealth(time, time, HealthEvents.NONE);
    private final TargetChooser chooser = new TargetChooser(health, random, time);
    private final Asked asked = Asked.of(SettingsOf.model("smart", Pick.FASTEST, List.of(), List.of()));
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<String, Double> slowness = new HashMap<>();
    private final PriorityQueue<Event> due = new PriorityQueue<>(Comparator.comparingLong(Event::at));
    private final List<Asking> all = new ArrayList<>();
    private final double gapNanos;

    private record Event(long at, Runnable what) {}

    private record Asking(String label, long at, long firstToken) {}

    Traffic(int callsPerSecond, String... labels) {
        gapNanos = 1e9 / callsPerSecond;
        for (String label : labels) {
            candidates.add(Choice.candidate(label, 1, Traits.NONE, false));
        }
        after(0, this::arrive);
    }

    /** From now on a target is so many times slower than usual. */
    void slow(String label, double times) {
        slowness.put(label, times);
    }

    void run(Duration span) {
        long end = time.getAsLong() + span.toNanos();
        while (due.element().at() <= end) {
            Event next = due.remove();
            time.passNanos(next.at() - time.getAsLong());
            next.what().run();
        }
        time.passNanos(end - time.getAsLong());
    }

    private void after(double nanos, Runnable what) {
        due.add(new Event(time.getAsLong() + (long) nanos, what));
    }

    private void arrive() {
        after(-Math.log(1 - random.nextDouble()) * gapNanos, this::arrive);
        Candidate target = chooser.rank(asked, candidates).order().get(0);
        Trial trial = health.begin(target, target.provider().credentials().get(0), false)
                .orElseThrow();
        double firstToken = FIRST_TOKEN_NANOS
                * Math.exp(SPREAD * random.nextGaussian())
                * slowness.getOrDefault(target.label(), 1.0);
        all.add(new Asking(target.label(), time.getAsLong(), (long) firstToken));
        after(firstToken, trial::firstContent);
        after(firstToken + REST_NANOS, () -> trial.ended(Verdict.of(Verdict.Kind.WELL)));
    }

    /** A target's part of the calls that came between two times. */
    double share(String label, Duration from, Duration to) {
        long calls = count(from, to, each -> true);
        return (double) count(from, to, each -> each.label().equals(label)) / calls;
    }

    /** The mean time to first token of calls that came between two times. */
    Duration firstToken(Duration from, Duration to) {
        return Duration.ofNanos((long) all.stream()
                .filter(each -> each.at() >= from.toNanos() && each.at() < to.toNanos())
                .mapToLong(Asking::firstToken)
                .average()
                .orElseThrow());
    }

    private long count(Duration from, Duration to, Predicate<Asking> which) {
        return all.stream()
                .filter(each -> each.at() >= from.toNanos() && each.at() < to.toNanos())
                .filter(which)
                .count();
    }
}
