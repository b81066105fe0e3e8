package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads whole answers. They have no id and do not say which model answered. */
final class ResponseReader {
    private ResponseReader() {}

    static ChatResponse read(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        Fields message = answer.needObject("output").needObject("message");
        message.take("role");
        List<Part> parts = ContentReader.content(message, "content");
        FinishReason finish = finish(answer);
        Choice choice = new Choice(0, parts, finish, List.of(), new Extras(Bedrock.ID, answer.path(), Map.of()));
        // How long it took says nothing to a caller of another dialect.
        answer.label("metrics");
        return new ChatResponse("", "", null, List.of(choice), UsageFields.read(answer.take("usage")), answer.rest());
    }

    static AnswerFacts facts(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        FinishReason finish = finish(answer);
        return new AnswerFacts(
                        "", UsageFields.read(answer.take("usage")), finish.raw().isEmpty() ? null : finish)
                .servedIn(body.path("serviceTier"));
    }

    private static FinishReason finish(Fields answer) {
        return StopWords.read(answer.need("stopReason"), sequence(answer.peek("additionalModelResponseFields")));
    }

    /** The stop sequence that Claude met, where the caller asked for that field of its own answer. */
    static String sequence(@Nullable JsonNode additional) {
        return additional == null ? "" : additional.path("stop_sequence").asString("");
    }

    private static Fields answer(JsonNode body) throws BadAnswer {
        if (body instanceof ObjectNode object
                && object.path("output").path("message").path("content").isArray()) {
            return Fields.lenient(object, Bedrock.ID, "response");
        }
        throw new BadAnswer(body.has("message") ? "the answer is an error" : "the answer has no message");
    }
}
