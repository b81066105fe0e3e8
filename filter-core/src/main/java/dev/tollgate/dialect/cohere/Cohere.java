package dev.tollgate.dialect.cohere;

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
import dev.tollgate.dialect.Words;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonKind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The dialect of Cohere's chat.
 *
 * <p>Read and written again, a request or an answer is the same but for what says the same in two ways: a null is an absent
 * member, a lone plain text part is a string, and a plan streamed is a thought.
 */
public final class Cohere implements Dialect {
    static final String ID = "cohere";

    private static final Shape SHAPE = new Shape()
            .must(JsonKind.ARRAY, "messages")
            .may(JsonKind.BOOLEAN, "stream", "strict_tools", "logprobs")
            .may(JsonKind.NUMBER, "max_tokens", "temperature", "p", "k", "seed", "priority")
            .may(JsonKind.NUMBER, "frequency_penalty", "presence_penalty")
            .may(JsonKind.STRING, "tool_choice", "safety_mode")
            .may(JsonKind.ARRAY, "tools", "documents", "stop_sequences")
            .may(JsonKind.OBJECT, "response_format", "citation_options", "thinking");

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
    public ChatResponse readResponse(JsonNode body) throws BadAnswer {
        return ResponseReader.read(body);
    }

    @Override
    public ObjectNode writeResponse(ChatResponse response, WriteTerms terms) {
        return ResponseWriter.write(response, terms);
    }

    @Override
    public EventReader eventReader() {
        return new ChatEventReader();
    }

    @Override
    public EventWriter eventWriter(ChatRequest request, WriteTerms terms) {
        return new PartedEvents(terms, new ChatEvents(terms));
    }

    @Override
    public StreamObserver observer() {
        return SkimmingObserver.toTheEnd(new ChatEventReader(), new ChatGlance());
    }

    @Override
    public AnswerFacts facts(JsonNode body) throws BadAnswer {
        return ResponseReader.facts(body);
    }

    @Override
    public byte[] errorBody(Refusal refusal, String callId) {
        return Json.write(
                JsonNodeFactory.instance.objectNode().put("id", callId).put("message", refusal.wholeMessage()));
    }

    @Override
    public int errorStatus(Refusal refusal) {
        return refusal.status() == 529 && refusal.verbatim() == null ? 503 : refusal.status();
    }

    /** A stream's failure is its end, with the reason ERROR. */
    @Override
    public List<Frame> errorFrames(Refusal refusal, String callId) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", "message-end");
        event.putObject("delta").put("error", refusal.wholeMessage()).put("finish_reason", FinishWords.ERROR);
        return List.of(new Frame("message-end", Json.text(event)));
    }

    @Override
    public Frame heartbeat() {
        return Frame.COMMENT;
    }

    @Override
    public ProviderError readError(int status, @Nullable JsonNode body, String excerpt) {
        ProviderError error = ProviderError.read(status, body, excerpt);
        String type = body == null ? "" : body.path("error_type").asString("");
        return type.isEmpty() ? error : new ProviderError(status, type, error.code(), error.param(), error.message());
    }

    @Override
    public boolean isErrorBody(JsonNode body) {
        return body.path("message").isString();
    }

    @Override
    public ObjectNode writeModels(List<String> names) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode models = list.putArray("models");
        names.forEach(name -> models.add(writeModel(name)));
        return list;
    }

    @Override
    public ObjectNode writeModel(String name) {
        ObjectNode model = JsonNodeFactory.instance.objectNode().put("name", name);
        model.putArray("endpoints").add("chat");
        return model;
    }
}
