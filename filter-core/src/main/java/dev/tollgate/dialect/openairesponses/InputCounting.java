package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.TokenCount;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.JsonKind;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts by {@code /v1/responses/input_tokens}, which takes what a response does but for how the answer is to be drawn and kept.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses/input-tokens">Input tokens</a>
 */
final class InputCounting implements TokenCounting {
    private static final String COUNT = "input_tokens";
    private static final List<String> OF_THE_QUESTION = List.of(
            "model",
            "input",
            "instructions",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "reasoning",
            "text",
            "truncation",
            "previous_response_id",
            "conversation");

    private static final Shape SHAPE = new Shape()
            .may(JsonKind.STRING, "input", "instructions", "previous_response_id", "truncation")
            .may(JsonKind.ARRAY, "input", "tools")
            .may(JsonKind.OBJECT, "reasoning", "text")
            .may(JsonKind.BOOLEAN, "parallel_tool_calls");

    @Override
    public String id() {
        return OpenAiResponses.ID;
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
        ObjectNode body = RequestWriter.write(request, terms);
        body.retain(OF_THE_QUESTION);
        return body;
    }

    @Override
    public TokenCount readCount(JsonNode body) throws BadAnswer {
        Fields answer =
                body instanceof ObjectNode object ? Fields.lenient(object, OpenAiResponses.ID, "response") : null;
        Long count = answer == null ? null : answer.whole(COUNT);
        if (answer == null || count == null) {
            throw new BadAnswer("the answer has no count of tokens");
        }
        answer.take("object");
        return new TokenCount(count, answer.rest());
    }

    @Override
    public ObjectNode writeCount(TokenCount count, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("object", "response.input_tokens")
                .put(COUNT, count.input());
        terms.carry(count.extras(), OpenAiResponses.ID, body);
        return body;
    }
}
