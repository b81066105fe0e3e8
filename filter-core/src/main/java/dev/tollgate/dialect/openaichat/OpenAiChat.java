package dev.tollgate.dialect.openaichat;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.OpenAiErrors;
import dev.tollgate.dialect.OpenAiModels;
import dev.tollgate.dialect.ProviderError;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The dialect of OpenAI's chat completions.
 *
 * <p>Read and written again, a request or an answer is the same but for what says the same in two ways: a null is an absent
 * member, a lone plain text part is a string, a lone stop sequence is a list, a tool call's index is its place, {@code max_tokens} takes the name its provider
 * wants, a text response format is none, and a streamed request always asks for usage.
 */
public final class OpenAiChat implements Dialect {
    static final String ID = "openai-chat";

    private static final Shape SHAPE = new Shape()
            .must(JsonKind.ARRAY, "messages")
            .may(JsonKind.BOOLEAN, "stream", "logprobs", "parallel_tool_calls", "store")
            .may(JsonKind.NUMBER, "temperature", "top_p", "max_tokens", "max_completion_tokens", "n", "seed")
            .may(JsonKind.NUMBER, "frequency_penalty", "presence_penalty", "top_logprobs")
            .may(JsonKind.STRING, "stop", "tool_choice", "user", "reasoning_effort", "service_tier")
            .may(JsonKind.ARRAY, "stop", "tools", "modalities")
            .may(JsonKind.OBJECT, "stream_options", "tool_choice", "response_format", "metadata", "logit_bias");

    private final InstantSource clock;

    /** @param clock tells when an answer was made, where its provider does not */
    public OpenAiChat(InstantSource clock) {
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

    @Override
    public ChatRequest readRequest(ObjectNode body) {
        return RequestReader.read(body);
    }

    @Override
    public ObjectNode writeRequest(ChatRequest request, WriteTerms terms) {
        return RequestWriter.write(request, terms);
    }

    @Override
    public Splices splices(JsonDocument body, Quirks quirks, boolean stream) {
        return RequestSplices.of(body, quirks, stream);
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
        return new ChunkObserver();
    }

    @Override
    public AnswerFacts facts(JsonNode body) throws BadAnswer {
        return ResponseReader.facts(body);
    }

    @Override
    public byte[] errorBody(Refusal refusal, String callId) {
        return Json.write(OpenAiErrors.body(refusal));
    }

    /** 529 is Anthropic's own word for overload; a provider's error in this dialect keeps whatever status it came with. */
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
        return new Frame(null, "");
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
