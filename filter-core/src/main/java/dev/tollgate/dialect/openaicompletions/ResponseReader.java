package dev.tollgate.dialect.openaicompletions;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads whole answers. */
final class ResponseReader {
    private ResponseReader() {}

    static ChatResponse read(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object) || body.path("choices").isEmpty()) {
            throw new BadAnswer("the answer has no choices");
        }
        Fields answer = Fields.lenient(object, OpenAiCompletions.ID, "response");
        answer.take("object");
        String id = answer.need("id");
        String model = answer.need("model");
        Long created = answer.whole("created");
        Usage usage = usage(answer.take("usage"));
        List<Choice> choices = new ArrayList<>();
        for (JsonNode element : answer.list("choices")) {
            Fields choice = answer.element(element, "choices", choices.size());
            if (choice != null) {
                choices.add(choice(choice, choices.size()));
            }
        }
        return new ChatResponse(id, model, created, choices, usage, answer.rest());
    }

    private static Choice choice(Fields choice, int position) throws BadAnswer {
        Long index = choice.whole("index");
        if (choice.peek("text") == null) {
            throw new BadAnswer("a choice has no text");
        }
        String text = choice.need("text");
        String finish = choice.text("finish_reason");
        List<TokenChance> chances = Logprobs.read(choice);
        return new Choice(
                index == null ? position : index.intValue(),
                List.of(Part.Text.of(text)),
                finish(finish == null ? "" : finish),
                chances,
                choice.rest());
    }

    static FinishReason finish(String word) {
        Kind kind = switch (word) {
            case "stop" -> Kind.STOP;
            case "length" -> Kind.LENGTH;
            case "content_filter" -> Kind.CONTENT_FILTER;
            default -> Kind.OTHER;
        };
        return new FinishReason(kind, word, "");
    }

    static @Nullable Usage usage(@Nullable JsonNode usage) {
        if (usage == null || !usage.isObject() || !Usage.isBelievable(usage)) {
            return null;
        }
        long prompt = Usage.count(usage.path("prompt_tokens"));
        long cached = Math.min(prompt, Usage.count(usage.at("/prompt_tokens_details/cached_tokens")));
        long output = Usage.count(usage.path("completion_tokens"));
        long reasoning = Math.min(output, Usage.count(usage.at("/completion_tokens_details/reasoning_tokens")));
        return new Usage(prompt - cached, cached, 0, 0, output, reasoning, 0, 0, Usage.NONE.extras());
    }
}
