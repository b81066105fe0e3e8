package dev.tollgate.dialect.ollama;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.OpenAiModels;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.ReadingObserver;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.StreamObserver;
import dev.tollgate.dialect.Words;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonKind;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The dialect of Ollama's {@code /api/chat}.
 *
 * @see <a href="https://docs.ollama.com/api/chat">Generate a chat message</a>
 */
public final class Ollama implements Dialect {
    static final String ID = "ollama";

    private static final Shape SHAPE = new Shape()
            .must(JsonKind.ARRAY, "messages")
            .may(JsonKind.BOOLEAN, "stream", "think")
            .may(JsonKind.STRING, "think", "format")
            .may(JsonKind.OBJECT, "options", "format")
            .may(JsonKind.ARRAY, "tools");

    private final InstantSource clock;

    /** @param clock tells when an answer was made, where its provider does not */
    public Ollama(InstantSource clock) {
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
        return new RequestWriter(request, terms).write();
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
        return new LineReader();
    }

    @Override
    public EventWriter eventWriter(ChatRequest request, WriteTerms terms) {
        return new LineWriter(terms, clock);
    }

    @Override
    public StreamObserver observer() {
        return new ReadingObserver(new LineReader());
    }

    @Override
    public AnswerFacts facts(JsonNode body) throws BadAnswer {
        ChatResponse response = ResponseReader.read(body);
        return new AnswerFacts(
                response.model(), response.usage(), response.choices().get(0).finish());
    }

    @Override
    public byte[] errorBody(Refusal refusal, String callId) {
        return Json.write(error(refusal));
    }

    @Override
    public List<Frame> errorFrames(Refusal refusal, String callId) {
        return List.of(new Frame(null, Json.text(error(refusal))));
    }

    private static ObjectNode error(Refusal refusal) {
        return JsonNodeFactory.instance.objectNode().put("error", refusal.message());
    }

    @Override
    public boolean isErrorBody(JsonNode body) {
        return body.path("error").isString();
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
