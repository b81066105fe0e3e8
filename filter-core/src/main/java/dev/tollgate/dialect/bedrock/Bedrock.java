package dev.tollgate.dialect.bedrock;

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
import dev.tollgate.dialect.StreamObserver;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.Words;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonKind;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The dialect of Amazon Bedrock's Converse.
 *
 * <p>Read and written again, a request or an answer is the same but for what says the same in two ways: a null is an absent
 * member, an empty object or list is none, and the texts of one citation are one text.
 */
public final class Bedrock implements Dialect {
    static final String ID = "bedrock";

    private static final Shape SHAPE = new Shape()
            .may(JsonKind.ARRAY, "messages", "system", "additionalModelResponseFieldPaths")
            .may(JsonKind.OBJECT, "inferenceConfig", "toolConfig", "guardrailConfig", "promptVariables")
            .may(JsonKind.OBJECT, "additionalModelRequestFields", "requestMetadata", "performanceConfig")
            .may(JsonKind.OBJECT, "serviceTier", "outputConfig");

    private final InstantSource clock;

    /** @param clock tells how long an answer took, which is part of it */
    public Bedrock(InstantSource clock) {
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

    /** Of all places it knows S3 alone. */
    @Override
    public boolean takesUrls() {
        return false;
    }

    @Override
    public boolean modelInPath() {
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
    public ChatResponse readResponse(JsonNode body) throws BadAnswer {
        return ResponseReader.read(body);
    }

    @Override
    public ObjectNode writeResponse(ChatResponse response, WriteTerms terms) {
        return ResponseWriter.write(response, terms);
    }

    @Override
    public EventReader eventReader() {
        return new ConverseEventReader();
    }

    @Override
    public EventWriter eventWriter(ChatRequest request, WriteTerms terms) {
        return new PartedEvents(terms, new ConverseEvents(terms, clock));
    }

    @Override
    public StreamObserver observer() {
        return SkimmingObserver.toTheReason(new ConverseEventReader(), new ConverseGlance());
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
        return Errors.statusOnTheWire(refusal);
    }

    @Override
    public List<Header> errorHeaders(Refusal refusal, String callId) {
        return List.of(new Header(Errors.TYPE_HEADER, Errors.type(refusal)), new Header("x-amzn-requestid", callId));
    }

    @Override
    public List<Frame> errorFrames(Refusal refusal, String callId) {
        return List.of(new Frame(Errors.event(refusal), Json.text(Errors.body(refusal))));
    }

    /** No event that all SDKs would ignore; how a stream shows that it lives is its framing's matter. */
    @Override
    public Frame heartbeat() {
        return Frame.COMMENT;
    }

    /** The type stands in a header, or in older services' {@code __type}. */
    @Override
    public ProviderError readError(int status, @Nullable JsonNode body, String excerpt) {
        ProviderError error = ProviderError.read(status, body, excerpt);
        String type = body == null ? "" : body.path("__type").asString("");
        return type.isEmpty()
                ? error
                : new ProviderError(
                        status, type.substring(type.indexOf('#') + 1), error.code(), error.param(), error.message());
    }

    @Override
    public boolean isErrorBody(JsonNode body) {
        return body.path("message").isString();
    }

    @Override
    public Optional<TokenCounting> tokenCounting() {
        return Optional.of(new ConverseCounting());
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
