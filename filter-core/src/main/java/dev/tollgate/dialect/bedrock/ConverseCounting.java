package dev.tollgate.dialect.bedrock;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.TokenCount;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.JsonKind;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Counts by {@code CountTokens}, which takes of a Converse request what its tokens are made of. */
final class ConverseCounting implements TokenCounting {
    private static final String COUNT = "inputTokens";
    private static final Set<String> COUNTED =
            Set.of("messages", "system", "toolConfig", "additionalModelRequestFields");
    private static final Shape SHAPE = new Shape().must(JsonKind.OBJECT, "input");

    @Override
    public String id() {
        return Bedrock.ID;
    }

    @Override
    public boolean modelInPath() {
        return true;
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    /** What is asked for in the words of one model, by {@code invokeModel}, is for that model alone. */
    @Override
    public ChatRequest readRequest(ObjectNode body) {
        if (body.path("input").path("converse") instanceof ObjectNode request) {
            return RequestReader.read(request);
        }
        throw Refusal.badField("input.converse", "'input.converse' must be an object: tokens are counted of it alone");
    }

    @Override
    public ObjectNode writeRequest(ChatRequest request, WriteTerms terms) {
        ObjectNode converse = RequestWriter.write(request, terms);
        converse.retain(COUNTED);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("input").set("converse", converse);
        return body;
    }

    @Override
    public TokenCount readCount(JsonNode body) throws BadAnswer {
        Fields answer = body instanceof ObjectNode object ? Fields.lenient(object, Bedrock.ID, "response") : null;
        Long count = answer == null ? null : answer.whole(COUNT);
        if (answer == null || count == null) {
            throw new BadAnswer("the answer has no count of tokens");
        }
        return new TokenCount(count, answer.rest());
    }

    @Override
    public ObjectNode writeCount(TokenCount count, WriteTerms terms) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put(COUNT, count.input());
        terms.carry(count.extras(), Bedrock.ID, body);
        return body;
    }
}
