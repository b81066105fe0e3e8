package dev.tollgate.bench.micro;

import dev.tollgate.json.JsonDocument;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.node.StringNode;

/** A request body checked and indexed, and one value in it replaced. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JsonBenchmark {
    @Param({"1000", "1000000"})
    public int bytes;

    private byte[] body = {};

    @Setup
    public void prepare() {
        body = Passages.kind("OPENAI>OPENAI", bytes, false).body().getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    public JsonDocument parse() {
        return JsonDocument.parse(body);
    }

    @Benchmark
    public byte[] parseAndSplice() {
        return JsonDocument.parse(body).with(Map.of("model", StringNode.valueOf("another-model")));
    }
}
