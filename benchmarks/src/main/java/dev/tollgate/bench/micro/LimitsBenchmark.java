package dev.tollgate.bench.micro;

import dev.tollgate.access.Caller;
import dev.tollgate.bench.GatewayConfig;
import dev.tollgate.config.ConfigException;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.limit.Amount;
import dev.tollgate.limit.Demand;
import dev.tollgate.limit.LimitEvents;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.limit.Limits;
import dev.tollgate.limit.LocalSlots;
import dev.tollgate.limit.LocalStore;
import dev.tollgate.limit.Permit;
import dev.tollgate.limit.RuleLimits;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What the limits of the load benchmark cost a call: two request limits and one on calls under way, in this JVM. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@NullUnmarked
public class LimitsBenchmark {
    private final Demand demand = new Demand(
            new Caller("bench", "bench", null, List.of("*")),
            "gpt-bench",
            "127.0.0.1",
            null,
            Amount.ONE_REQUEST,
            Priority.INTERACTIVE);
    private Limits limits;

    @Setup
    public void prepare() throws IOException, ConfigException {
        InstantSource clock = InstantSource.system();
        LimitStore store = new LocalStore(System::nanoTime, clock);
        limits = new RuleLimits(GatewayConfig.settings(80), store, new LocalSlots(), 1, clock, LimitEvents.NONE);
    }

    @Benchmark
    public Permit reserveAndSettle() {
        Permit permit = limits.reserve(demand).toCompletableFuture().join();
        permit.settle(Amount.ONE_REQUEST);
        return permit;
    }

    @Benchmark
    @Threads(2)
    public Permit reserveAndSettleByTwoThreads() {
        return reserveAndSettle();
    }
}
