package dev.tollgate.nemesis;

import dev.tollgate.nemesis.Sample.Outcome;
import dev.tollgate.nemesis.Subject.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One scenario on a running cluster: load, faults, silence, audit. */
final class Round {
    private static final Pattern IN_FLIGHT = Pattern.compile("(?m)^tollgate_calls_in_flight (\\S+)");
    private static final int SETTLE_SECONDS = 30;
    private static final int DRAIN_SECONDS = 120;
    private static final int DRY_SECONDS = 3;
    private static final int AT_ONCE = 4;
    /** More than is reserved for one of the calls that use up what is left. */
    private static final long TOKENS_OF_A_CALL = 250;

    private static final long NANO_USD_OF_A_CALL = 600_000;

    private final Scenario scenario;
    private final Workload workload;
    private final Cluster cluster;
    private final Callers callers;
    private final Visits visits;
    private final Invoice invoice;
    private final Path folder;

    Round(
            Scenario scenario,
            Workload workload,
            Cluster cluster,
            Callers callers,
            Visits visits,
            Invoice invoice,
            Path folder) {
        this.scenario = scenario;
        this.workload = workload;
        this.cluster = cluster;
        this.callers = callers;
        this.visits = visits;
        this.invoice = invoice;
        this.folder = folder;
    }

    List<Check> run(int perSecond, long seed) {
        Nemesis nemesis = new Nemesis(cluster, seed);
        int nodes = cluster.nodes().size();
        try (Load load = new Load(callers, workload.weighted(), nodes, perSecond, seed)) {
            load.start();
            nemesis.lull(3);
            scenario.run(nemesis);
        }
        boolean settled = settles();
        drain();
        settled &= settles();
        Audit audit = new Audit(workload, callers.samples(), visits, cluster.numbersByAddress(), nemesis.events());
        audit.outcomes();
        audit.refusalsCostNothing();
        audit.counts(scenario == Scenario.CALM);
        audit.rates();
        if (Features.SHARED_SLOTS) {
            audit.slots();
        }
        audit.pauses();
        audit.partitions(nodes);
        audit.add("all calls ended", settled ? "yes" : callers.open() + " did not", settled);
        audit.amounts(Kind.TOKENS, invoice.lines(), Invoice.Line::tokens, TOKENS_OF_A_CALL, scenario == Scenario.CALM);
        audit.amounts(
                Kind.SPEND, invoice.lines(), Invoice.Line::nanoUsd, NANO_USD_OF_A_CALL, scenario == Scenario.CALM);
        permits(audit);
        inFlight(audit);
        if (Features.LEDGER) {
            List<Path> ledgers = cluster.nodes().stream().map(Node::ledger).toList();
            Books.read(ledgers, invoice.lines(), workload.names()).check(audit);
        }
        audit.writeTo(folder.resolve(scenario + "-" + workload.round() + ".csv"));
        return audit.checks();
    }

    private boolean settles() {
        for (int tenth = 0; tenth < SETTLE_SECONDS * 10 && callers.open() > 0; tenth++) {
            lull(100);
        }
        return callers.open() == 0;
    }

    /** Uses up what is left of limits that do not come back, on all nodes, until all of them have refused for a while. */
    private void drain() {
        List<Subject> subjects = new ArrayList<>(workload.of(Kind.COUNT));
        subjects.addAll(workload.of(Kind.TOKENS));
        subjects.addAll(workload.of(Kind.SPEND));
        Set<Subject> giving = new HashSet<>(subjects);
        long last = System.nanoTime();
        long end = last + Duration.ofSeconds(DRAIN_SECONDS).toNanos();
        while (System.nanoTime() < end
                && System.nanoTime() - last < Duration.ofSeconds(DRY_SECONDS).toNanos()) {
            List<Sample> samples = callAll(subjects, giving);
            giving = with(samples, Outcome.ADMITTED);
            if (!giving.isEmpty() || !with(samples, Outcome.UNAVAILABLE).isEmpty()) {
                last = System.nanoTime();
            }
            lull(giving.isEmpty() ? 250 : 20);
        }
    }

    /** Calls on every node, several times for those who still get something. */
    private List<Sample> callAll(List<Subject> subjects, Set<Subject> giving) {
        List<CompletableFuture<Sample>> calls = new ArrayList<>();
        for (Subject subject : subjects) {
            for (Node node : cluster.nodes()) {
                for (int more = 0; more < (giving.contains(subject) ? AT_ONCE : 1); more++) {
                    Ask ask = Ask.plain(callers.nextId(), subject.name(), 0);
                    calls.add(callers.call(node.number(), subject, ask));
                }
            }
        }
        return calls.stream().map(CompletableFuture::join).toList();
    }

    private static Set<Subject> with(List<Sample> samples, Outcome outcome) {
        return samples.stream()
                .filter(sample -> sample.outcome() == outcome)
                .map(Sample::subject)
                .collect(Collectors.toSet());
    }

    /** As many calls as a limit allows must get through at once when no others are under way. */
    private void permits(Audit audit) {
        for (Subject subject : workload.of(Kind.SLOTS)) {
            long since = System.nanoTime();
            boolean free = false;
            while (!free && System.nanoTime() - since < Duration.ofSeconds(20).toNanos()) {
                free = allFree(subject);
            }
            String time = Duration.ofNanos(System.nanoTime() - since).toMillis() + " ms";
            audit.add("all slots of " + subject.name() + " are free", (free ? "after " : "not within ") + time, free);
        }
    }

    private boolean allFree(Subject subject) {
        List<CompletableFuture<Sample>> calls = new ArrayList<>();
        for (int number = 0; number < subject.capacity(); number++) {
            int node = 1 + number % cluster.nodes().size();
            calls.add(callers.call(node, subject, Ask.plain(callers.nextId(), subject.name(), 400)));
        }
        return calls.stream().map(CompletableFuture::join).allMatch(sample -> sample.outcome() == Outcome.ADMITTED);
    }

    private void inFlight(Audit audit) {
        for (Node node : cluster.nodes()) {
            String found = "";
            for (int tenth = 0; tenth < 50 && !found.equals("0.0"); tenth++) {
                found = inFlight(node);
                lull(100);
            }
            audit.add("calls in flight on node " + node.number(), found, found.equals("0.0"));
        }
    }

    private String inFlight(Node node) {
        try {
            Matcher value = IN_FLIGHT.matcher(callers.page(node.number(), "/tollgate/metrics"));
            return value.find() ? value.group(1) : "unknown";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void lull(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
