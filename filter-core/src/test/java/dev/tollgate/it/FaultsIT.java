package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.servlet.TestContainer;
import dev.tollgate.testing.Audit;
import dev.tollgate.testing.Bench;
import dev.tollgate.testing.Faults;
import dev.tollgate.testing.LogWatch;
import dev.tollgate.testing.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every fault of {@link Faults}, for callers of every dialect, streamed and whole, in both servers: with one target that has
 * it, and with a second that is well. After each the {@link Audit}. The cases run side by side; each is told apart.
 * {@code -Dtollgate.fault=TEXT} runs those whose name holds a text.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
    private static final int AT_ONCE = 12;

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final Map<TestContainer.Kind, Bench> benches = new EnumMap<>(TestContainer.Kind.class);
    private final ExecutorService cases = Executors.newFixedThreadPool(AT_ONCE);
    private LogWatch log;
    private Set<Thread> threads;

    @BeforeAll
    void start() throws Exception {
        threads = Audit.threads();
        log = new LogWatch(Bench.KEY, Bench.PROVIDER_KEY, Bench.PROMPT);
        for (TestContainer.Kind kind : TestContainer.Kind.values()) {
            benches.put(kind, new Bench(kind));
        }
    }

    @TestFactory
    Stream<DynamicTest> everyFaultEndsAsItShould() {
        String only = System.getProperty("tollgate.fault", "");
        List<FaultCase> all = Faults.all().stream()
                .flatMap(FaultCase::of)
                .filter(each -> each.toString().contains(only))
                .toList();
        List<Future<?>> results = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            FaultCase each = all.get(i);
            String name = "c" + i;
            results.add(cases.submit(() -> each.run(name, benches.get(each.server()), upstream)));
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Future<?> result = results.get(i);
            tests.add(DynamicTest.dynamicTest(all.get(i).toString(), () -> outcome(result)));
        }
        return tests.stream();
    }

    private static void outcome(Future<?> result) throws Throwable {
        try {
            result.get();
        } catch (ExecutionException failed) {
            throw failed.getCause();
        }
    }

    @AfterAll
    void nothingIsLeft() {
        cases.shutdownNow();
        benches.values().forEach(Bench::close);
        upstream.close();
        log.close();
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(Audit.threads()).isSubsetOf(threads));
        assertThat(log.leaks()).isEmpty();
        assertThat(log.faults()).isEmpty();
        assertThat(log.lines()).isPositive();
    }
}
