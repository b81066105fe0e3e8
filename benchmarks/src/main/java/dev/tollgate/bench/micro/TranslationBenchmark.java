package dev.tollgate.bench.micro;

import dev.tollgate.bench.Chat;
import dev.tollgate.bench.Kind;
import dev.tollgate.bench.upstream.Answers;
import dev.tollgate.config.ConfigException;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Translation;
import dev.tollgate.json.JsonDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
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

/** A request body from its bytes to the provider's bytes, and a whole answer back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@NullUnmarked
public class TranslationBenchmark {
    @Param({"1000", "1000000"})
    public int bytes;

    @Param({"OPENAI>OPENAI", "OPENAI>ANTHROPIC", "ANTHROPIC>ANTHROPIC", "ANTHROPIC>OPENAI"})
    public String way;

    private Passages passages;
    private Kind kind;
    private byte[] request;
    private byte[] answer;
    private Translation translation;

    @Setup
    public void prepare() throws IOException, ConfigException {
        passages = new Passages();
        kind = Passages.kind(way, bytes, false);
        request = kind.body().getBytes(StandardCharsets.UTF_8);
        answer = answer().getBytes(StandardCharsets.UTF_8);
        translation = passages.translation(kind, passages.document(kind));
    }

    private String answer() {
        int sentences = bytes / 55 - 9;
        return kind.provider() == Chat.OPENAI ? Answers.openAiJson(sentences) : Answers.anthropicJson(sentences);
    }

    @Benchmark
    public byte[] request() {
        return passages.translation(kind, JsonDocument.parse(request)).requestBody();
    }

    @Benchmark
    public Translation.Whole answerBack() throws BadAnswer {
        return translation.answer(answer);
    }
}
