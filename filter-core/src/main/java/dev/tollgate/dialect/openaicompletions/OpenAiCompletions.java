package dev.tollgate.dialect.openaicompletions;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.OpenAiErrors;
import dev.tollgate.dialect.OpenAiModels;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.ReadingObserver;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.Splices;
import dev.tollgate.dialect.StreamObserver;
import dev.tollgate.dialect.Words;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.json.JsonKind;
import dev.tollgate.provider.Quirks;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The dialect of OpenAI's legacy completions. A prompt is a lone message of the user; what only a model that goes on with a
 * text can do (an echo, a suffix, prompts in tokens, several at once) passes through to providers of this dialect and is
 * refused for others.
 */
public final class OpenAiCompletions implements Dialect {
    static final String ID = "openai-completions";

    private static final Shape SHAPE = new Shape()
            .may(JsonKind.STRING, "prompt", "suffix", "stop", "user")
            .may(JsonKind.ARRAY, "prompt", "stop")
            .may(JsonKind.BOOLEAN, "stream", "echo")
            .may(JsonKind.NUMBER, "max_tokens", "temperature", "top_p", "n", "best_of", "logprobs", "seed")
            .may(JsonKind.NUMBER, "frequency_penalty", "presence_penalty")
            .may(JsonKind.OBJECT, "logit_bias", "stream_options");

    private final InstantSource clock;

    /** @param clock tells when an answer was made, where its provider does not */
    public OpenAiCompletions(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Words words() {
        return RequestWords.WORDS;
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    /** Each prompt is answered apart, and of the best of several all are paid for. */
    @Override
    public long answers(JsonDocument body) {
        long each = Math.max(count(body, "n"), count(body, "best_of"));
        return each * prompts(body);
    }

    private static long count(JsonDocument body, String member) {
        return Math.min(
                1 << 20, Math.max(1, body.member(member).map(Usage::count).orElse(1L)));
    }

    private static long prompts(JsonDocument body) {
        if (body.kind("prompt") != JsonKind.ARRAY) {
            return 1;
        }
        JsonNode prompts = body.member("prompt").orElseThrow();
        return prompts.path(0).isNumber() ? 1 : Math.max(1, prompts.size());
    }

    @Override
    public ChatRequest readRequest(ObjectNode body) {
        return RequestReader.read(body);
    }

    @Override
    public void refuseUntranslatable(ObjectNode body) {
        RequestReader.refuseUntranslatable(body);
    }

    @Override
    public ObjectNode writeRequest(ChatRequest request, WriteTerms terms) {
        return RequestWriter.write(request, terms);
    }

    @Override
    public Splices splices(JsonDocument body, Quirks quirks, boolean stream) {
        if (!stream || !quirks.streamUsage() || body.has("stream_options")) {
            return Splices.NONE;
        }
        ObjectNode options = JsonNodeFactory.instance.objectNode().put("include_usage", true);
        return new Splices(Map.of("stream_options", options), true);
    }

    @Override
    public ChatResponse readResponse(JsonNode body) throws BadAnswer {
        return ResponseReader.read(body);
    }

    @Override
    public ObjectNode writeResponse(ChatResponse response, WriteTerms terms) {
        return ResponseWriter.write(response, terms, clock);
    }

    @Override
    public EventReader eventReader() {
        return new ChunkReader();
    }

    @Override
    public EventWriter eventWriter(ChatRequest request, WriteTerms terms) {
        return new ChunkWriter(request.streamUsage(), terms, clock);
    }

    @Override
    public StreamObserver observer() {
        return new ReadingObserver(new ChunkReader());
    }

    @Override
    public AnswerFacts facts(JsonNode body) throws BadAnswer {
        ChatResponse response = ResponseReader.read(body);
        return new AnswerFacts(
                response.model(), response.usage(), response.choices().get(0).finish());
    }

    @Override
    public byte[] errorBody(Refusal refusal, String callId) {
        return Json.write(OpenAiErrors.body(refusal));
    }

    @Override
    public int errorStatus(Refusal refusal) {
        return refusal.status() == 529 && refusal.verbatim() == null ? 503 : refusal.status();
    }

    @Override
    public List<Frame> errorFrames(Refusal refusal, String callId) {
        return List.of(new Frame(null, Json.text(OpenAiErrors.body(refusal))));
    }

    @Override
    public Frame heartbeat() {
        return Frame.COMMENT;
    }

    @Override
    public ProviderError readError(int status, @Nullable JsonNode body, String excerpt) {
        return ProviderError.read(status, body, excerpt);
    }

    @Override
    public ObjectNode writeModels(List<String> names) {
        return OpenAiModels.list(names);
    }

    @Override
    public ObjectNode writeModel(String name) {
        return OpenAiModels.one(name);
    }
}
