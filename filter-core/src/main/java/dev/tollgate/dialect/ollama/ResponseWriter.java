package dev.tollgate.dialect.ollama;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.WriteTerms;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes whole answers. There is one alternative in them. */
final class ResponseWriter {
    private ResponseWriter() {}

    static ObjectNode write(ChatResponse response, WriteTerms terms, InstantSource clock) {
        ObjectNode body = head(response.model(), response.created(), clock);
        ObjectNode message = body.putObject("message").put("role", "assistant").put("content", "");
        String reason = "stop";
        for (ChatResponse.Choice choice : response.choices()) {
            if (choice.index() != 0) {
                terms.dropped("response.choices[]");
                continue;
            }
            reason = reason(choice.finish());
            choice.parts().forEach(part -> part(part, message, terms));
            terms.dropped(choice.extras());
        }
        body.put("done", true).put("done_reason", reason);
        counts(response.usage(), body);
        terms.carry(response.extras(), Ollama.ID, body);
        return body;
    }

    static ObjectNode head(String model, @Nullable Long created, InstantSource clock) {
        Instant made = created == null ? clock.instant() : Instant.ofEpochSecond(created);
        return JsonNodeFactory.instance.objectNode().put("model", model).put("created_at", made.toString());
    }

    private static void part(Part part, ObjectNode message, WriteTerms terms) {
        if (part instanceof Part.Text text) {
            MessageWriter.append(message, "content", text.text());
        } else if (part instanceof Part.Declined declined) {
            MessageWriter.append(message, "content", declined.text());
        } else if (part instanceof Part.Reasoning reasoning) {
            MessageWriter.append(message, "thinking", reasoning.text());
        } else if (part instanceof Part.ToolCall call) {
            message.withArray("tool_calls").add(MessageWriter.call(call.id(), call.name(), call.arguments()));
        } else {
            terms.dropped("response.content");
        }
    }

    static String reason(FinishReason finish) {
        return switch (finish.kind()) {
            case LENGTH, CONTEXT_WINDOW -> "length";
            case OTHER -> finish.raw().isEmpty() ? "stop" : finish.raw();
            default -> "stop";
        };
    }

    static void counts(@Nullable Usage usage, ObjectNode body) {
        if (usage != null) {
            body.put("prompt_eval_count", usage.input()).put("eval_count", usage.output());
        }
    }
}
