package dev.tollgate.dialect.anthropic;

import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartedEvents;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.SkimmingObserver;
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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The dialect of Anthropic's Messages.
 *
 * <p>Read and written again, a request or an answer is the same but for what says the same in two ways: a null is an absent
 * member, a lone plain text block is a string, an {@code output_format} is an {@code output_config.format}, a tool of type
 * custom has no type, and a count of zero is none.
 */
public final class Anthropic implements Dialect {
    static final String ID = "anthropic";

    private static final Shape SHAPE = new Shape()
            .must(JsonKind.ARRAY, "messages")
            .may(JsonKind.BOOLEAN, "stream")
            .may(JsonKind.NUMBER, "max_tokens", "temperature", "top_p", "top_k")
            .may(JsonKind.STRING, "system", "service_tier")
            .may(JsonKind.ARRAY, "system", "stop_sequences", "tools")
            .may(JsonKind.OBJECT, "tool_choice", "thinking", "metadata", "output_config", "context_management");

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
    public Optional<TokenCounting> tokenCounting() {
        return Optional.of(new MessageCounting());
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
        return PlatformFields.without(body, ForeignThoughts.without(body));
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
        return new MessageEventReader();
    }

    @Override
    public EventWriter eventWriter(ChatRequest request, WriteTerms terms) {
        return new PartedEvents(terms, new MessageEvents(terms));
    }

    @Override
    public StreamObserver observer() {
        return SkimmingObserver.toTheEnd(new MessageEventReader(), new MessageGlance());
    }

    @Override
    public AnswerFacts facts(JsonNode body) throws BadAnswer {
        return ResponseReader.facts(body);
    }

    @Override
    public byte[] errorBody(Refusal refusal, String callId) {
        return Json.write(Errors.body(refusal, callId));
    }

    @Override
    public int errorStatus(Refusal refusal) {
        return refusal.status() == 503 ? 529 : refusal.status();
    }

    @Override
    public List<Header> errorHeaders(Refusal refusal, String callId) {
        return List.of(new Header("request-id", callId));
    }

    @Override
    public List<Frame> errorFrames(Refusal refusal, String callId) {
        return List.of(new Frame("error", Json.text(Errors.body(refusal, callId))));
    }

    @Override
    public Frame named(Frame frame) {
        if (frame.event() != null || frame.equals(Frame.COMMENT)) {
            return frame;
        }
        try {
            String type = Json.read(frame.data()).path("type").asString("");
            return type.isEmpty() ? frame : new Frame(type, frame.data());
        } catch (JacksonException notJson) {
            return frame;
        }
    }

    @Override
    public Frame heartbeat() {
        return new Frame("ping", "{\"type\": \"ping\"}");
    }

    @Override
    public ProviderError readError(int status, @Nullable JsonNode body, String excerpt) {
        return ProviderError.read(status, body, excerpt);
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
