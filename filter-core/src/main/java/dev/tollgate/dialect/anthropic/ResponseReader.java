package dev.tollgate.dialect.anthropic;

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

/** Reads whole answers. It is lenient: what it does not expect stays in the extras. */
final class ResponseReader {
    private ResponseReader() {}

    static ChatResponse read(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        answer.take("type");
        answer.take("role");
        String id = answer.need("id");
        String model = answer.need("model");
        List<Part> parts = BlockReader.content(answer, "content");
        FinishReason finish = finish(answer);
        Usage usage = UsageFields.read(answer.take("usage"));
        Choice choice = new Choice(0, parts, finish, List.of(), new Extras(Anthropic.ID, answer.path(), Map.of()));
        return new ChatResponse(id, model, null, List.of(choice), usage, answer.rest());
    }

    static AnswerFacts facts(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        FinishReason finish = finish(answer);
        return new AnswerFacts(
                answer.need("model"),
                UsageFields.read(answer.take("usage")),
                finish.raw().isEmpty() ? null : finish);
    }

    private static FinishReason finish(Fields answer) {
        return StopWords.read(answer.need("stop_reason"), answer.text("stop_sequence"));
    }

    private static Fields answer(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object)) {
            throw new BadAnswer("the answer is no JSON object");
        }
        if (object.path("content").isArray()) {
            return Fields.lenient(object, Anthropic.ID, "response");
        }
        throw new BadAnswer(object.has("error") ? "the answer is an error" : "the answer has no content");
    }
}
