package dev.tollgate.dialect.gemini;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.Splices;
import dev.tollgate.dialect.StreamObserver;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.Words;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.json.JsonKind;
import dev.tollgate.provider.Quirks;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The dialect of Google's {@code generateContent}, at the Gemini API and at Vertex AI.
 *
 * <p>Read and written again, a request or an answer is the same but for what says the same in two ways: a null, an empty
 * object and {@code "thought": false} are absent members, {@code snake_case} is {@code camelCase}, a lone element is a list of
 * one, a content without a role is the user's, a mode or a finish reason given by its number is its word, a thinking level is in
 * upper case, a fraction of a {@code topK} that is none is left out, a file that anybody may fetch has a media type, and a count
 * of zero is none. Of a stream, what stands beside the parts comes with the finish reason, and chances without the tokens'
 * numbers.
 */
public final class Gemini implements Dialect {
    static final String ID = "gemini";

    private static final Shape SHAPE = new Shape()
            .must("contents", JsonKind.ARRAY, JsonKind.OBJECT)
            .may(JsonKind.ARRAY, "tools", "safetySettings", "safety_settings")
            .may(JsonKind.OBJECT, "tools", "systemInstruction", "system_instruction", "toolConfig", "tool_config")
            .may(JsonKind.OBJECT, "generationConfig", "generation_config", "labels")
            .may(JsonKind.STRING, "cachedContent", "cached_content");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Words words() {
        return RequestWords.WORDS;
    }

    @Override
    public boolean modelInPath() {
        return true;
    }

    @Override
    public boolean mayStreamArrays() {
        return true;
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
        return RequestSplices.of(body);
    }

    @Override
    public ChatResponse readResponse(JsonNode body) throws BadAnswer {
        return ResponseReader.read(body);
    }

    @Override
    public ObjectNode writeResponse(ChatResponse response, WriteTerms terms) {
        return ResponseWriter.write(response, terms);
    }

    @Override
    public EventReader eventReader() {
        return new ChunkReader();
    }

    @Override
    public EventWriter eventWriter(ChatRequest request, WriteTerms terms) {
        return new ChunkWriter(terms);
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
        return Json.write(Errors.body(refusal));
    }

    @Override
    public int errorStatus(Refusal refusal) {
        return Errors.status(refusal);
    }

    @Override
    public List<Frame> errorFrames(Refusal refusal, String callId) {
        return List.of(new Frame(null, Json.text(Errors.body(refusal))));
    }

    @Override
    public Frame heartbeat() {
        return Frame.COMMENT;
    }

    @Override
    public ProviderError readError(int status, @Nullable JsonNode body, String excerpt) {
        return Errors.read(status, body, excerpt);
    }

    @Override
    public Optional<TokenCounting> tokenCounting() {
        return Optional.of(new TokenCounts());
    }

    @Override
    public ObjectNode writeModels(List<String> names) {
        return ModelWriter.list(names);
    }

    @Override
    public ObjectNode writeModel(String name) {
        return ModelWriter.one(name);
    }
}
