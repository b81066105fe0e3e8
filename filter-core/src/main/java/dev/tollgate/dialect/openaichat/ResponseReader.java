package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.ToolIds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads whole answers. It is lenient: what it does not expect stays in the extras. */
final class ResponseReader {
    private static final long MOST_CHOICES = 1024;

    private ResponseReader() {}

    static ChatResponse read(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        answer.take("object");
        String id = answer.need("id");
        String model = answer.need("model");
        Long created = answer.whole("created");
        Usage usage = UsageFields.read(answer.take("usage"));
        return new ChatResponse(id, model, created, choices(answer, id), usage, answer.rest());
    }

    static AnswerFacts facts(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        String finish = body.path("choices").path(0).path("finish_reason").asString("");
        return new AnswerFacts(
                        answer.need("model"),
                        UsageFields.read(answer.take("usage")),
                        finish.isEmpty() ? null : FinishWords.read(finish))
                .servedIn(body.path("service_tier"));
    }

    private static Fields answer(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object)) {
            throw new BadAnswer("the answer is no JSON object");
        }
        if (object.path("choices").isArray() && !object.path("choices").isEmpty()) {
            return Fields.lenient(object, OpenAiChat.ID, "response");
        }
        throw new BadAnswer(object.has("error") ? "the answer is an error" : "the answer has no choices");
    }

    private static List<Choice> choices(Fields answer, String id) {
        List<Choice> choices = new ArrayList<>();
        for (JsonNode element : answer.list("choices")) {
            int position = choices.size();
            Fields choice = answer.element(element, "choices", position);
            if (choice != null) {
                choices.add(choice(choice, position, id));
            }
        }
        return choices;
    }

    private static Choice choice(Fields choice, int position, String id) {
        Long index = choice.whole("index");
        String finish = choice.text("finish_reason");
        Fields message = choice.object("message");
        List<TokenChance> chances = Chances.read(choice.peek(Chances.MEMBER));
        if (chances != null) {
            choice.take(Chances.MEMBER);
        }
        List<Part> parts = message == null ? List.of() : spoken(message, id, position);
        return new Choice(
                index == null || index < 0 || index > MOST_CHOICES ? position : index.intValue(),
                parts,
                FinishWords.read(finish == null ? "" : finish),
                chances == null ? List.of() : chances,
                choice.rest());
    }

    private static List<Part> spoken(Fields message, String id, int position) {
        message.take("role");
        List<Part> parts = new ArrayList<>();
        for (Part part : MessageReader.spoken(message)) {
            parts.add(part instanceof Part.ToolCall call ? withId(call, id, position, parts.size()) : part);
        }
        return parts;
    }

    private static Part withId(Part.ToolCall call, @Nullable String answer, int choice, int place) {
        return call.id().isEmpty()
                ? new Part.ToolCall(
                        ToolIds.made(String.valueOf(answer), choice, place),
                        call.name(),
                        call.arguments(),
                        call.proof(),
                        call.cache(),
                        call.extras())
                : call;
    }
}
