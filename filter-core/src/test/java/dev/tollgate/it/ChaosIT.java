package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.ErrorCode;
import dev.tollgate.ledger.Entry;
import dev.tollgate.servlet.TestContainer;
import dev.tollgate.testing.Audit;
import dev.tollgate.testing.Bench;
import dev.tollgate.testing.ChaosProviders;
import dev.tollgate.testing.LogWatch;
import dev.tollgate.testing.RawAnswer;
import dev.tollgate.testing.RawCaller;
import dev.tollgate.testing.ScriptedUpstream;
import dev.tollgate.testing.Talk;
import dev.tollgate.testing.WireScript.Bill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls of all dialects whose providers do wrong by chance, many at once: some callers leave, targets fall back, are let be,
 * hedged and resumed, credentials rotate. When the dust has settled nothing is lost, nothing is charged twice, nothing is
 * held, and the ledger is what the providers' invoices say. {@code -Dtollgate.chaos.calls=10000} makes it long, {@code
 * -Dtollgate.chaos.seed} repeats the draws of another run.
 */
class ChaosIT {
    private static final int CALLS = Integer.getInteger("tollgate.chaos.calls", 300);
    private static final int AT_ONCE = 24;
    private static final int MODELS = 40;
    private static final Duration TOTAL = Duration.ofSeconds(4);

    /** What a run needs besides its calls, descriptors of this process among it. */
    private static final int SLACK = 40;

    /** A call's part in the run, drawn from the seed and its number. */
    private record Draw(Talk talk, boolean stream, int model, boolean leaves, int after, boolean reset) {
        static Draw of(long seed, int call) {
            SplittableRandom random = new SplittableRandom(seed * 31 + call);
            return new Draw(
                    Talk.drawn(random),
                    random.nextInt(3) > 0,
                    random.nextInt(MODELS),
                    random.nextInt(5) == 0,
                    random.nextInt(4_000),
                    random.nextBoolean());
        }
    }

    @ParameterizedTest
    @EnumSource(TestContainer.Kind.class)
    void nothingIsLostOrChargedTwiceWhateverHappens(TestContainer.Kind server, TestReporter report) throws Exception {
        long seed = Long.getLong("tollgate.chaos.seed", System.nanoTime());
        report.publishEntry("seed", String.valueOf(seed));
        Set<Thread> threads = Audit.threads();
        long descriptors = Audit.descriptors();
        try (LogWatch log = new LogWatch(Bench.KEY, Bench.PROVIDER_KEY, Bench.PROMPT);
                ScriptedUpstream upstream = new ScriptedUpstream()) {
            ChaosProviders providers = new ChaosProviders(upstream, seed);
            try (Bench bench = new Bench(server);
                    Bench.Running gateway = bench.open("chaos", configuration(providers, seed))) {
                Map<Integer, RawAnswer> answers = play(gateway, providers, seed);
                Audit audit = new Audit(gateway, providers.places()).nothingIsHeld();
                rows(audit, providers, answers, seed);
                bills(audit, providers, answers, seed);
                report.publishEntry(summary(audit, answers));
                audit.placesAreFree(providers.well(), AT_ONCE)
                        .nothingIsHeld()
                        .noSecrets()
                        .closed();
            }
            assertThat(log.leaks()).as("seed %d", seed).isEmpty();
            assertThat(log.faults()).as("seed %d", seed).isEmpty();
        }
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(Audit.threads()).isSubsetOf(threads);
            assertThat(Audit.descriptors()).isLessThan(descriptors + SLACK);
        });
    }

    /** Models with one to three targets each, which are tried in all the ways there are. */
    private static String configuration(ChaosProviders providers, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder yaml = new StringBuilder(providers.configuration()).append("models:\n");
        for (int model = 0; model < MODELS; model++) {
            yaml.append("  m")
                    .append(model)
                    .append(": { ")
                    .append(model(random))
                    .append(" }\n");
        }
        yaml.append("  well: { targets: [well/m] }\n").append("prices:\n");
        providers.names().forEach(name -> yaml.append("  ").append(name).append("/*: { input: 1000, output: 1000 }\n"));
        return yaml.append("limits:\n  - { per: key, concurrent: ")
                .append(AT_ONCE)
                .append(", tokens: 900M/day, spend: 900000 USD/year }\n  - { per: provider, concurrent: ")
                .append(AT_ONCE)
                .append(" }\n")
                .toString();
    }

    private static String model(SplittableRandom random) {
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Talk talk = Talk.drawn(random);
            targets.add(
                    random.nextInt(12) == 0
                            ? "deaf/m"
                            : ChaosProviders.target(talk, random.nextInt(ChaosProviders.EACH)));
        }
        List<String> different = targets.stream().distinct().toList();
        int first = 1 + random.nextInt(different.size());
        String pick = List.of("order", "weighted", "least-busy", "fastest", "cheapest")
                .get(random.nextInt(5));
        return "pick: " + pick + ", targets: " + different.subList(0, first) + ", fallback: "
                + different.subList(first, different.size()) + ", hedge: " + (random.nextInt(4) == 0) + ", resume: "
                + (random.nextInt(4) == 0) + ", timeouts: { connect: 500ms, first-byte: 1s, idle: 1s, total: "
                + TOTAL.toSeconds() + "s, hold: 500ms }";
    }

    /** The answers of those that have not left, by the number of the call. */
    private static Map<Integer, RawAnswer> play(Bench.Running gateway, ChaosProviders providers, long seed)
            throws Exception {
        Map<Integer, RawAnswer> answers = new ConcurrentHashMap<>();
        ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE - 4);
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            int call = i;
            calls.add(callers.submit(() -> call(gateway, providers, call, Draw.of(seed, call), answers)));
        }
        callers.shutdown();
        for (Future<?> call : calls) {
            call.get();
        }
        return answers;
    }

    private static void call(
            Bench.Running gateway, ChaosProviders providers, int number, Draw draw, Map<Integer, RawAnswer> answers) {
        String prompt = ChaosProviders.prompt(number, draw.stream(), draw.leaves());
        RawCaller.Question question = gateway.question(draw.talk(), draw.stream(), "m" + draw.model(), prompt);
        try (RawCaller caller = gateway.begin(question)) {
            if (draw.leaves()) {
                // Whoever leaves before the server has looked at its request has not called.
                await().atMost(TOTAL)
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> providers.hasHeardOf(number) || caller.hears());
                if (draw.stream()) {
                    caller.readUntil(draw.after());
                }
                caller.leave(draw.reset());
                return;
            }
            RawAnswer answer = caller.readToEnd();
            Audit.answer(answer, TOTAL);
            answers.put(number, answer);
        }
    }

    /** Each call that asked a provider has a row; of those that have left too, where a provider has heard of them. */
    private static void rows(Audit audit, ChaosProviders providers, Map<Integer, RawAnswer> answers, long seed) {
        Set<String> asked = answers.values().stream()
                .filter(answer -> !answer.header("x-tollgate-attempts").isEmpty())
                .map(ChaosIT::idOf)
                .collect(Collectors.toSet());
        long heard = IntStream.range(0, CALLS)
                .filter(call -> !answers.containsKey(call) && providers.hasHeardOf(call))
                .count();
        audit.books((int) (asked.size() + heard), asked.size() + CALLS - answers.size());
        Set<String> rows = audit.calls().stream().map(Entry.Called::call).collect(Collectors.toSet());
        assertThat(rows).as("seed %d", seed).containsAll(asked);
        answers.values().stream()
                .map(ChaosIT::idOf)
                .filter(id -> !asked.contains(id))
                .forEach(id -> assertThat(rows)
                        .as("seed %d: nobody was asked for it", seed)
                        .doesNotContain(id));
    }

    /** Of each call the ledger has what the providers want to be paid, and no more attempts than they have seen. */
    private static void bills(Audit audit, ChaosProviders providers, Map<Integer, RawAnswer> answers, long seed) {
        Map<Integer, List<Bill>> invoices = providers.invoices();
        Map<String, List<Entry.Ended>> rows = new HashMap<>();
        audit.attempts().stream()
                .filter(row -> !row.target().startsWith("deaf/"))
                .forEach(row -> rows.computeIfAbsent(callOf(row), none -> new ArrayList<>())
                        .add(row));
        answers.forEach((number, answer) -> {
            List<Bill> bills = invoices.getOrDefault(number, List.of());
            List<Entry.Ended> own = rows.getOrDefault(idOf(answer), List.of());
            String what = "seed " + seed + ", call " + number + ": " + bills + ", " + own + ", " + answer;
            long told = bills.stream().filter(bill -> bill == Bill.REPORTED).count();
            long charged = own.stream().filter(ChaosIT::isCharged).count();
            List<Entry.Ended> reported = own.stream()
                    .filter(row -> isCharged(row) && !row.estimated())
                    .toList();
            // Who loses a race may have been called off on its way, before the provider heard of it.
            long lost = own.stream().filter(ChaosIT::isLost).count();
            assertThat(charged).as(what).isBetween(told, bills.size() + lost);
            assertThat(reported).as(what).hasSizeLessThanOrEqualTo((int) told);
            assertThat(reported).as(what).allMatch(row -> row.costNanoUsd().orElseThrow() == Audit.CALL);
            if (answer.isSuccess() && told == 1 && bills.size() == 1) {
                assertThat(reported).as(what).hasSize(1);
            }
        });
        long charged = audit.attempts().stream()
                .filter(row -> !row.target().startsWith("deaf/") && isCharged(row) && !isLost(row))
                .count();
        assertThat(charged)
                .as("seed %d: no more is charged than was asked for", seed)
                .isLessThanOrEqualTo(
                        invoices.values().stream().mapToInt(List::size).sum());
    }

    private static boolean isLost(Entry.Ended row) {
        return row.error() == ErrorCode.GATEWAY_HEDGE_LOST;
    }

    private static boolean isCharged(Entry.Ended row) {
        return row.costNanoUsd().orElseThrow() > 0;
    }

    private static String callOf(Entry.Ended row) {
        return row.attempt().substring(0, row.attempt().lastIndexOf('/'));
    }

    private static String idOf(RawAnswer answer) {
        String id = answer.header("x-tollgate-call-id");
        return id.isEmpty() ? answer.header("x-request-id") : id;
    }

    private static Map<String, String> summary(Audit audit, Map<Integer, RawAnswer> answers) {
        long whole = answers.values().stream().filter(RawAnswer::isSuccess).count();
        long cut = answers.values().stream().filter(RawAnswer::isCut).count();
        return Map.of(
                "calls", String.valueOf(audit.calls().size()),
                "attempts", String.valueOf(audit.attempts().size()),
                "answered", String.valueOf(whole),
                "cut", String.valueOf(cut),
                "refused", String.valueOf(answers.size() - whole - cut),
                "left",
                        String.valueOf(
                                audit.calls().stream().filter(Audit::isLeft).count()));
    }
}
