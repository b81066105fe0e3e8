package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.ledger.Entry;
import dev.tollgate.servlet.TestContainer;
import dev.tollgate.testing.Audit;
import dev.tollgate.testing.Bench;
import dev.tollgate.testing.ChaosProviders;
import dev.tollgate.testing.Faults;
import dev.tollgate.testing.LogWatch;
import dev.tollgate.testing.RawCaller;
import dev.tollgate.testing.ScriptedUpstream;
import dev.tollgate.testing.ScriptedUpstream.Place;
import dev.tollgate.testing.ScriptedUpstream.Served;
import dev.tollgate.testing.Talk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Callers that leave in the middle of streams, after a random number of events, with a RST or a FIN: the provider is let go at
 * once, everything held is given back, and each call has its one row. {@code -Dtollgate.aborts=10000} makes it long, {@code
 * -Dtollgate.aborts.seed} repeats the draws of another run.
 */
class AbortsIT {
    private static final int ABORTS = Integer.getInteger("tollgate.aborts", 200);
    private static final int AT_ONCE = 20;

    /** A container tells that a caller has left when it is written to, by the second time: here every 100 ms at least. */
    private static final Duration DETECTED = Duration.ofMillis(200);

    /** Half a second of it because the machine may be busy. */
    private static final Duration LET_GO = Duration.ofMillis(1_500);

    private static final Duration PAUSE = Duration.ofMillis(5);

    @ParameterizedTest
    @EnumSource(TestContainer.Kind.class)
    void aProviderIsLetGoWhoseCallerHasLeft(TestContainer.Kind server, TestReporter report) throws Exception {
        long seed = Long.getLong("tollgate.aborts.seed", System.nanoTime());
        report.publishEntry("seed", String.valueOf(seed));
        Set<Thread> threads = Audit.threads();
        try (LogWatch log = new LogWatch(Bench.KEY, Bench.PROVIDER_KEY, Bench.PROMPT);
                ScriptedUpstream upstream = new ScriptedUpstream()) {
            Place well = upstream.place();
            List<Place> places = new ArrayList<>(List.of(well));
            StringBuilder yaml = new StringBuilder();
            providers(upstream, well, places, yaml);
            try (Bench bench = new Bench(server);
                    Bench.Running gateway = bench.open("aborts", yaml.toString())) {
                long slowest = play(gateway, places, seed);
                report.publishEntry(Map.of("slowest-ms", String.valueOf(TimeUnit.NANOSECONDS.toMillis(slowest))));
                Audit audit = new Audit(gateway, places).nothingIsHeld().books(ABORTS);
                assertThat(audit.calls()).as("seed %d", seed).allMatch(Audit::isLeft);
                assertThat(audit.attempts()).as("seed %d", seed).hasSize(ABORTS).allMatch(Entry.Ended::estimated);
                audit.placesAreFree(well, AT_ONCE).nothingIsHeld().noSecrets().closed();
            }
            assertThat(log.leaks()).as("seed %d", seed).isEmpty();
            assertThat(log.faults()).as("seed %d", seed).isEmpty();
        }
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(Audit.threads()).isSubsetOf(threads));
    }

    /** For each dialect one that goes on for ever, and one that stops after some events. */
    private static void providers(ScriptedUpstream upstream, Place well, List<Place> places, StringBuilder yaml) {
        StringBuilder models = new StringBuilder("models:\n");
        StringBuilder prices = new StringBuilder("prices:\n");
        yaml.append("providers:\n");
        add(Talk.OPENAI, "well", well, yaml, models, prices);
        for (Talk talk : Talk.values()) {
            Place endless =
                    upstream.place().always(request -> Faults.endless(ChaosProviders.asked(talk, request), PAUSE));
            Place silent = upstream.place().always(request -> Faults.falling(ChaosProviders.asked(talk, request), 60));
            add(talk, "endless-" + talk.dialect(), endless, yaml, models, prices);
            add(talk, "silent-" + talk.dialect(), silent, yaml, models, prices);
            places.addAll(List.of(endless, silent));
        }
        yaml.append(models)
                .append(prices)
                .append("limits:\n  - { per: key, concurrent: ")
                .append(AT_ONCE)
                .append(" }\n");
    }

    private static void add(
            Talk talk, String name, Place place, StringBuilder yaml, StringBuilder models, StringBuilder prices) {
        String kind = ChaosProviders.kind(talk, "http://" + place.authority());
        yaml.append("  ").append(name).append(": { ").append(kind).append(", api-key: @KEY@ }\n");
        String model = talk == Talk.BEDROCK ? "amazon.nova-n" : "m";
        models.append("  ")
                .append(name)
                .append(": { targets: [")
                .append(name)
                .append('/')
                .append(model)
                .append("] }\n");
        prices.append("  ").append(name).append("/*: { input: 1000, output: 1000 }\n");
    }

    /** The longest that a provider was held after its caller had left, in nanoseconds. */
    private static long play(Bench.Running gateway, List<Place> places, long seed) throws Exception {
        ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();
        ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < ABORTS; i++) {
            int number = i;
            calls.add(callers.submit(() -> waits.add(leave(gateway, places, number, seed))));
        }
        callers.shutdown();
        for (Future<?> call : calls) {
            call.get();
        }
        return waits.stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    private static long leave(Bench.Running gateway, List<Place> places, int number, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 31 + number);
        Talk talk = Talk.drawn(random);
        Talk provider = random.nextInt(3) > 0 ? talk : Talk.drawn(random);
        // AWS's event streams have no sign of life, so that only an event tells that a caller of theirs has left.
        boolean endless = random.nextBoolean() || talk == Talk.BEDROCK;
        String model = (endless ? "endless-" : "silent-") + provider.dialect();
        String prompt = "call number " + number + ".";
        try (RawCaller caller = gateway.begin(gateway.question(talk, true, model, prompt))) {
            caller.readUntil("Hello");
            caller.readUntil(400 + random.nextInt(4_000));
            long left = System.nanoTime();
            caller.leave(random.nextBoolean());
            Served served = served(places, prompt);
            await("seed " + seed + ", call " + number + " of " + talk + " at " + model)
                    .atMost(DETECTED.plus(LET_GO).plusSeconds(5))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> served.endedNanos().isPresent());
            long wait = served.endedNanos().getAsLong() - left;
            assertThat(wait)
                    .as("seed %d, call %d of %s at %s", seed, number, talk, model)
                    .isLessThan(DETECTED.plus(LET_GO).toNanos());
            return wait;
        }
    }

    private static Served served(List<Place> places, String prompt) {
        return places.stream()
                .flatMap(place -> place.served().stream())
                .filter(each -> each.request().text().contains(prompt))
                .findFirst()
                .orElseThrow();
    }
}
