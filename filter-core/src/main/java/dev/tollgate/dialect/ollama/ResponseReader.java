package dev.tollgate.dialect.ollama;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads whole answers. */
final class ResponseReader {
    /** What only tells how long things took. */
    static final String[] TIMES = {"total_duration", "load_duration", "prompt_eval_duration", "eval_duration"};

    /** Not one of Ollama's own words: it filters nothing, but others do. */
    static final String FILTERED = "content_filter";

    private ResponseReader() {}

    static ChatResponse read(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object) || !body.path("message").isObject()) {
            throw new BadAnswer("the answer has no message");
        }
        if (!body.path("done").asBoolean(false)) {
            throw new BadAnswer("the answer is not whole");
        }
        Fields answer = Fields.lenient(object, Ollama.ID, "response");
        answer.label(TIMES);
        answer.take("done");
        String model = answer.need("model");
        String made = answer.need("created_at");
        Fields message = answer.needObject("message");
        message.take("role");
        List<Part> parts = MessageReader.said(message, made, 0);
        boolean calls = parts.stream().anyMatch(Part.ToolCall.class::isInstance);
        String reason = answer.text("done_reason");
        FinishReason finish = finish(reason == null ? "" : reason, calls);
        Usage usage = usage(body);
        answer.take("prompt_eval_count");
        answer.take("eval_count");
        Choice choice = new Choice(0, parts, finish, List.of(), Extras.NONE);
        return new ChatResponse("", model, seconds(made), List.of(choice), usage, answer.rest());
    }

    /** When an answer was made, in seconds since 1970; null where it does not say. */
    static @Nullable Long seconds(String made) {
        try {
            return Instant.parse(made).getEpochSecond();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    static FinishReason finish(String word, boolean calls) {
        Kind kind = switch (word) {
            case "stop" -> calls ? Kind.TOOL_CALLS : Kind.STOP;
            case "length" -> Kind.LENGTH;
            case FILTERED -> Kind.CONTENT_FILTER;
            default -> calls && word.isEmpty() ? Kind.TOOL_CALLS : word.isEmpty() ? Kind.STOP : Kind.OTHER;
        };
        return new FinishReason(kind, word, "");
    }

    static @Nullable Usage usage(JsonNode body) {
        if (!body.has("eval_count") && !body.has("prompt_eval_count")) {
            return null;
        }
        long input = Usage.count(body.path("prompt_eval_count"));
        long output = Usage.count(body.path("eval_count"));
        return new Usage(input, 0, 0, 0, output, 0, 0, 0, Usage.NONE.extras());
    }
}
