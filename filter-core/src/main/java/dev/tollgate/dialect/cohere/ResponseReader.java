package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads whole answers. They do not say which model answered. */
final class ResponseReader {
    private ResponseReader() {}

    static ChatResponse read(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        FinishReason finish = FinishWords.read(answer.need("finish_reason"));
        Fields message = answer.needObject("message");
        message.take("role");
        List<Part> parts = MessageReader.spoken(message);
        Usage usage = UsageFields.read(answer.take("usage"));
        Choice choice = new Choice(0, parts, finish, List.of(), new Extras(Cohere.ID, answer.path(), Map.of()));
        return new ChatResponse(answer.need("id"), "", null, List.of(choice), usage, answer.rest());
    }

    static AnswerFacts facts(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        FinishReason finish = FinishWords.read(answer.need("finish_reason"));
        return new AnswerFacts(
                "", UsageFields.read(answer.take("usage")), finish.raw().isEmpty() ? null : finish);
    }

    private static Fields answer(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object) || !object.path("message").isObject()) {
            throw new BadAnswer(
                    body.path("message").isString() ? "the answer is an error" : "the answer has no message");
        }
        if (FinishWords.isFailure(object.path("finish_reason").asString(""))) {
            throw new BadAnswer("the provider says that its answer failed");
        }
        return Fields.lenient(object, Cohere.ID, "response");
    }
}
