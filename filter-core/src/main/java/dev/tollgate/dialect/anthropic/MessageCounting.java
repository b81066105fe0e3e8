package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.TokenCount;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.json.JsonKind;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Counts by {@code /v1/messages/count_tokens}, which takes what a message does but for how the answer is to be drawn. */
final class MessageCounting implements TokenCounting {
    private static final List<String> OF_THE_ANSWER = List.of(
            "max_tokens", "stream", "temperature", "top_p", "top_k", "stop_sequences", "metadata", "service_tier");

    private static final Shape SHAPE = new Shape()
            .must(JsonKind.ARRAY, "messages")
            .may(JsonKind.STRING, "system")
            .may(JsonKind.ARRAY, "system", "tools")
            .may(JsonKind.OBJECT, "tool_choice", "thinking", "output_config", "context_management");

    @Override
    public String id() {
        return Anthropic.ID;
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public ChatRequest readRequest(ObjectNode body) {
        return RequestReader.readUnlimited(body);
    }

    @Override
    public ObjectNode writeRequest(ChatRequest request, WriteTerms terms) {
        ObjectNode body = RequestWriter.write(request, terms);
        OF_THE_ANSWER.forEach(body::remove);
        return body;
    }

    @Override
    public JsonDocument forTarget(JsonDocument body, String model, WriteTerms terms) {
        return PlatformFields.without(body);
    }

    @Override
    public TokenCount readCount(JsonNode body) throws BadAnswer {
        Fields answer = body instanceof ObjectNode object ? Fields.lenient(object, Anthropic.ID, "response") : null;
        Long count = answer == null ? null : answer.whole("input_tokens");
        if (answer == null || count == null) {
            throw new BadAnswer("the answer has no count of tokens");
        }
        return new TokenCount(count, answer.rest());
    }

    @Override
    public ObjectNode writeCount(TokenCount count, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("input_tokens", count.input());
        terms.carry(count.extras(), Anthropic.ID, body);
        return body;
    }
}
