package dev.tollgate.nemesis;

import dev.tollgate.nemesis.Sample.Outcome;
import dev.tollgate.nemesis.Subject.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What is looked at when a round is over. */
final class Audit {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double SKEW = 1;
    private static final long CALM_NANOS = 3_000_000_000L;
    private static final long HELD_BY_ONE = 3;

    private final Workload workload;
    private final Map<Long, Sample> samples;
    private final Visits visits;
    private final Map<String, Integer> numbers;
    private final List<Event> events;
    private final List<Check> checks = new ArrayList<>();

    Audit(
            Workload workload,
            Collection<Sample> samples,
            Visits visits,
            Map<String, Integer> numbers,
            List<Event> events) {
        this.workload = workload;
        this.samples = samples.stream().collect(Collectors.toMap(Sample::call, sample -> sample, (a, b) -> a));
        this.visits = visits;
        this.numbers = numbers;
        this.events = events;
    }

    List<Check> checks() {
        return checks;
    }

    void add(String what, String measured, boolean holds) {
        checks.add(new Check(what, measured, holds));
    }

    /** No call that was refused reached the provider, and none that was answered did not. */
    void refusalsCostNothing() {
        long sent = ofRound().stream()
                .filter(sample -> sample.outcome() == Outcome.REFUSED || sample.outcome() == Outcome.UNAVAILABLE)
                .filter(sample -> visits.saw(sample.call()))
                .count();
        add("refused calls that reached the provider", "" + sent, sent == 0);
    }

    void outcomes() {
        Map<String, Long> outcomes =
                ofRound().stream().collect(Collectors.groupingBy(Audit::named, TreeMap::new, Collectors.counting()));
        add("calls", ofRound().size() + " " + outcomes, true);
    }

    private static String named(Sample sample) {
        String code = sample.code().isEmpty() ? "" : " " + sample.code();
        return sample.outcome() == Outcome.ADMITTED
                ? "ADMITTED" + code
                : sample.outcome() + " " + sample.status() + code;
    }

    /** @param exact whether all of it must have been let through */
    void counts(boolean exact) {
        long capacity = 0;
        long admitted = 0;
        long over = 0;
        for (Subject subject : workload.of(Kind.COUNT)) {
            long visited = visitsOf(subject).size();
            capacity += subject.capacity();
            admitted += visited;
            over += Math.max(0, visited - subject.capacity() - (Features.WINDOWS ? 0 : 1));
        }
        long lost = capacity - admitted;
        add("calls let through above counted limits", over + " of " + capacity, over == 0);
        String share = String.format(Locale.ROOT, "%d of %d (%.3f %%)", lost, capacity, 100.0 * lost / capacity);
        add(
                "calls of counted limits lost",
                share,
                exact ? lost <= 0 : lost <= workload.size().loss() * capacity + brokenOff());
    }

    /** Calls that a killed node had under way: some were counted and never sent to the provider. */
    private long brokenOff() {
        return events.stream()
                .filter(event -> event.what().equals(Nemesis.KILLED))
                .mapToLong(event -> samples.values().stream()
                        .filter(sample -> sample.node() == event.node())
                        .filter(sample -> sample.start() < event.at() && sample.end() > event.at())
                        .filter(sample -> !visits.saw(sample.call()))
                        .count())
                .sum();
    }

    /**
     * What was charged to each subject is within its limit; where no fault was done, all of it could be used.
     *
     * @param ofACall the most that one more call would have reserved
     */
    void amounts(
            Kind kind, List<Invoice.Line> lines, ToLongFunction<Invoice.Line> amount, long ofACall, boolean exact) {
        for (Subject subject : workload.of(kind)) {
            long used = lines.stream()
                    .filter(line -> line.subject().equals(subject.name()))
                    .mapToLong(amount)
                    .sum();
            long left = subject.capacity() - used;
            String measured = used + " of " + subject.capacity();
            add(subject.name() + " charged", measured, left >= 0 && (!exact || left <= ofACall));
        }
    }

    void rates() {
        double worst = -1e9;
        int admitted = 0;
        for (Subject subject : workload.subjects()) {
            if (subject.kind() == Kind.RATE || subject.kind() == Kind.HOT) {
                List<History.Admission> admissions = visitsOf(subject).stream()
                        .filter(visit -> samples.containsKey(visit.call()))
                        .map(visit ->
                                new History.Admission(samples.get(visit.call()).start(), visit.at()))
                        .toList();
                admitted += admissions.size();
                worst = Math.max(worst, new History(admissions).worstExcess(subject.capacity(), subject.perSecond()));
            }
        }
        add(
                "most above a bucket in any interval",
                String.format(Locale.ROOT, "%.2f (%d admissions)", worst, admitted),
                worst <= SKEW);
    }

    void slots() {
        long worst = 0;
        for (Subject subject : workload.of(Kind.SLOTS)) {
            worst = Math.max(worst, mostAtOnce(subject) - subject.capacity());
        }
        add("most above a limit on concurrent calls", "" + worst, worst <= (someoneWasCutOff() ? HELD_BY_ONE : 0));
    }

    /** Whether a node lived on that the others took for dead: for some seconds it uses the slots that it held, as they do. */
    private boolean someoneWasCutOff() {
        return events.stream()
                .anyMatch(event ->
                        event.what().equals(Nemesis.PAUSED) || event.what().equals(Nemesis.CUT));
    }

    private long mostAtOnce(Subject subject) {
        TreeMap<Long, Long> changes = new TreeMap<>();
        for (Visits.Stay stay : visits.stays(subject.name())) {
            long to = Math.min(stay.to(), killedAfter(numbers.get(stay.node()), stay.from()));
            changes.merge(stay.from(), 1L, Long::sum);
            changes.merge(to, -1L, Long::sum);
        }
        long now = 0;
        long most = 0;
        for (long change : changes.values()) {
            now += change;
            most = Math.max(most, now);
        }
        return most;
    }

    /** The calls of a killed node are over, whatever the provider still does for them. */
    private long killedAfter(int node, long at) {
        return events.stream()
                .filter(event -> event.node() == node && event.what().equals(Nemesis.KILLED) && event.at() >= at)
                .mapToLong(Event::at)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** How long the other nodes have let nothing through after a node was paused. */
    void pauses() {
        for (Event event : events) {
            if (event.what().equals(Nemesis.PAUSED)) {
                gap(
                        "while one is paused",
                        event,
                        endOf(event, Nemesis.RESUMED),
                        workload.size().gapMillis());
            }
        }
    }

    /** The longest time on each side of a partition without admission: told for the majority, whose calls must go on. */
    void partitions(int nodes) {
        for (Event event : events) {
            if (event.what().equals(Nemesis.CUT)) {
                long end = endOf(event, Nemesis.HEALED);
                gap(
                        "while one is cut off",
                        event,
                        end,
                        nodes < 3 ? Long.MAX_VALUE : workload.size().gapMillis());
                add(
                        "calls on the node cut off, last 5 s before healing",
                        tally(event.node(), end - 5_000_000_000L, end),
                        true);
                add("time from healing until it lets calls through", recovery(event.node(), end), true);
            }
        }
    }

    /** A machine that is busy stalls without any fault as well: that is told beside it, and allowed for. */
    private void gap(String when, Event event, long end, long millis) {
        long gap = longestGap(event.node(), event.at(), end);
        long first = ofRound().stream().mapToLong(Sample::start).min().orElse(event.at());
        long calm = longestGap(event.node(), Math.max(first, event.at() - CALM_NANOS), event.at());
        add(
                "longest time without an admission on the other nodes, " + when,
                gap + " ms (" + calm + " ms in the seconds before)",
                gap - calm <= millis);
    }

    private long endOf(Event begin, String what) {
        return events.stream()
                .filter(event -> event.node() == begin.node() && event.what().equals(what) && event.at() > begin.at())
                .mapToLong(Event::at)
                .min()
                .orElse(begin.at());
    }

    /** In milliseconds. */
    private long longestGap(int without, long from, long to) {
        long last = from;
        long worst = 0;
        List<Long> times = visits.all().values().stream()
                .filter(visit -> numbers.get(visit.node()) != without && visit.at() >= from && visit.at() <= to)
                .map(Visits.Visit::at)
                .sorted()
                .toList();
        for (long at : times) {
            worst = Math.max(worst, at - last);
            last = at;
        }
        return Math.round(Math.max(worst, to - last) / NANOS_PER_MILLI);
    }

    private String tally(int node, long from, long to) {
        return samples.values().stream()
                .filter(sample -> sample.node() == node && sample.start() >= from && sample.start() < to)
                .collect(Collectors.groupingBy(Audit::named, TreeMap::new, Collectors.counting()))
                .toString();
    }

    private String recovery(int node, long healed) {
        return visits.all().values().stream()
                .filter(visit -> numbers.get(visit.node()) == node && visit.at() > healed)
                .mapToLong(Visits.Visit::at)
                .min()
                .stream()
                .mapToObj(at -> Math.round((at - healed) / NANOS_PER_MILLI) + " ms")
                .findFirst()
                .orElse("never");
    }

    /** Writes what happened to a file, for whoever looks for the cause of a fault. Times are in milliseconds since the start. */
    void writeTo(Path file) {
        long start = ofRound().stream().mapToLong(Sample::start).min().orElse(0);
        List<String> lines = new ArrayList<>();
        for (Sample sample : ofRound()) {
            Visits.Visit visit = visits.all().get(sample.call());
            lines.add(String.join(
                    ",",
                    millis(sample.start() - start),
                    visit == null ? "" : millis(visit.at() - start),
                    millis(sample.end() - start),
                    "" + sample.call(),
                    sample.subject().name(),
                    "" + sample.node(),
                    named(sample)));
        }
        events.forEach(event -> lines.add(millis(event.at() - start) + ",,,,," + event.node() + "," + event.what()));
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_MILLI);
    }

    private List<Sample> ofRound() {
        return samples.values().stream()
                .filter(sample -> workload.subjects().contains(sample.subject()))
                .toList();
    }

    private List<Visits.Visit> visitsOf(Subject subject) {
        return visits.all().values().stream()
                .filter(visit -> visit.subject().equals(subject.name()))
                .toList();
    }
}
