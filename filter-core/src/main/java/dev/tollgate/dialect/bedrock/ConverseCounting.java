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
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts by {@code CountTokens}, which takes what Converse does but for how the answer is to be drawn. The body of an
 * InvokeModel, which it takes as well, is of a format that only the model knows: it is passed through and not understood.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html">CountTokens</a>
 */
final class ConverseCounting implements TokenCounting {
    private static final String COUNT = "inputTokens";
    private static final List<String> OF_THE_QUESTION =
            List.of("messages", "system", "toolConfig", "additionalModelRequestFields");

    private static final Shape SHAPE = new Shape().must(JsonKind.OBJECT, "input");

    @Override
    public String id() {
        return Bedrock.ID;
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public boolean modelInPath() {
        return true;
    }

    @Override
    public ChatRequest readRequest(ObjectNode body) {
        Fields input = Fields.strict(body, Bedrock.ID).needObject("input");
        if (input.peek("invokeModel") != null) {
            throw Refusal.badField(
                    "input.invokeModel",
                    "'input.invokeModel' is counted by Bedrock alone; send the chat as 'input.converse'");
        }
        return RequestReader.read(input.needObject("converse"));
    }

    @Override
    public ObjectNode writeRequest(ChatRequest request, WriteTerms terms) {
        ObjectNode converse = RequestWriter.write(request, terms);
        converse.retain(OF_THE_QUESTION);
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
