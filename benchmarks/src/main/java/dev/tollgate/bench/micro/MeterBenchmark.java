package dev.tollgate.bench.micro;

import dev.tollgate.access.Caller;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.meter.JsonLog;
import dev.tollgate.meter.PrometheusSink;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What the record of a call costs: its line in the log, up to the handler, and its metrics. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@NullUnmarked
public class MeterBenchmark {
    private static final Logger CALLS = Logger.getLogger(JsonLog.LOGGER);

    private final JsonLog log = new JsonLog();
    private final PrometheusSink metrics = new PrometheusSink(() -> 0);
    private Swallowing handler;
    private CallRecord call;

    @Setup
    public void prepare(Blackhole hole) {
        handler = new Swallowing(hole);
        CALLS.setUseParentHandlers(false);
        CALLS.addHandler(handler);
        call = new CallRecord(
                "call-0123456789abcdef",
                Instant.parse("2026-11-24T10:15:30.123456Z"),
                "openai-chat",
                "/v1/chat/completions",
                new Caller("bench", "bench", null, List.of("*")),
                "gpt-bench",
                "gpt-bench",
                "house/bench-gpt-2026-11",
                List.of(new CallRecord.Attempt("house/bench-gpt-2026-11", 200, null, 812_345_678)),
                200,
                null,
                false,
                new Usage(190, 0, 0, 0, 91, 0, 0, 0, Extras.NONE),
                false,
                OptionalLong.empty(),
                OptionalLong.of(812_400_000),
                812_700_000,
                812_345_678,
                "stop",
                List.of(),
                "chat",
                0,
                0);
    }

    @TearDown
    public void removeHandler() {
        CALLS.removeHandler(handler);
    }

    @Benchmark
    public void logLine() {
        log.accept(call);
    }

    @Benchmark
    public void countInMetrics() {
        metrics.accept(call);
    }

    private static final class Swallowing extends Handler {
        private final Blackhole hole;

        Swallowing(Blackhole hole) {
            this.hole = hole;
        }

        @Override
        public void publish(LogRecord line) {
            hole.consume(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
