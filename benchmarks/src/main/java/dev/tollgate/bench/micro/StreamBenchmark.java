package dev.tollgate.bench.micro;

import dev.tollgate.bench.Chat;
import dev.tollgate.bench.Kind;
import dev.tollgate.bench.upstream.Answers;
import dev.tollgate.config.ConfigException;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Translation;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.stream.Framings;
import dev.tollgate.stream.SseReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One event of a stream: cut out of the bytes, looked at or translated, and made bytes again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@NullUnmarked
public class StreamBenchmark {
    /** Words that are said; with the few events around them, which cost about as much. */
    private static final int WORDS = 300;

    private static final int FIRST_WORD = 3;

    @Param({"OPENAI>OPENAI", "OPENAI>ANTHROPIC", "ANTHROPIC>ANTHROPIC", "ANTHROPIC>OPENAI"})
    public String way;

    private Passages passages;
    private Kind kind;
    private JsonDocument request;
    private List<byte[]> events;

    @Setup
    public void prepare() throws IOException, ConfigException {
        passages = new Passages();
        kind = Passages.kind(way, Kind.SMALL, true);
        request = passages.document(kind);
        List<String> texts = kind.provider() == Chat.OPENAI ? Answers.openAiEvents(true) : Answers.anthropicEvents();
        events = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            byte[] event = texts.get(i).getBytes(StandardCharsets.UTF_8);
            events.addAll(Collections.nCopies(i == FIRST_WORD ? WORDS : 1, event));
        }
    }

    /** Every event comes in bytes of its own, as it does from a provider. */
    @Benchmark
    @OperationsPerInvocation(WORDS)
    public void cut(Blackhole hole) throws BadAnswer {
        SseReader reader = new SseReader();
        for (byte[] event : events) {
            reader.feed(ByteBuffer.wrap(event), (frame, raw) -> hole.consume(raw));
        }
    }

    @Benchmark
    @OperationsPerInvocation(WORDS)
    public void cutAndCarry(Blackhole hole) throws BadAnswer {
        SseReader reader = new SseReader();
        Translation.Streamed stream = passages.translation(kind, request).stream(Framings.SSE);
        for (byte[] event : events) {
            reader.feed(ByteBuffer.wrap(event), (frame, raw) -> hole.consume(stream.accept(frame, raw)));
        }
    }
}
