package dev.tollgate.dialect.ollama;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Opaque;
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
    static final String LOGPROBS = "response.choices[].logprobs";

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
            if (!choice.chances().isEmpty()) {
                terms.dropped(LOGPROBS);
            }
        }
        body.put("done", true).put("done_reason", reason);
        counts(response.usage(), body, terms);
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
            text.citations().forEach(citation -> terms.dropped(citation.whole()));
            terms.dropped(text.extras());
        } else if (part instanceof Part.Declined declined) {
            MessageWriter.append(message, "content", declined.text());
        } else if (part instanceof Part.Reasoning reasoning) {
            MessageWriter.append(message, "thinking", reasoning.text());
            unproven(reasoning.proof(), terms);
        } else if (part instanceof Part.ToolCall call) {
            message.withArray("tool_calls").add(MessageWriter.call(call, terms));
            unproven(call.proof(), terms);
        } else {
            terms.dropped("response.content");
        }
    }

    private static void unproven(@Nullable Opaque proof, WriteTerms terms) {
        if (proof != null) {
            terms.dropped(proof);
        }
    }

    static String reason(FinishReason finish) {
        return switch (finish.kind()) {
            case LENGTH, CONTEXT_WINDOW -> "length";
            case OTHER -> finish.raw().isEmpty() ? "stop" : finish.raw();
            case CONTENT_FILTER, REFUSAL -> ResponseReader.FILTERED;
            case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSE -> "stop";
        };
    }

    static void counts(@Nullable Usage usage, ObjectNode body, WriteTerms terms) {
        if (usage == null) {
            return;
        }
        body.put("prompt_eval_count", usage.input()).put("eval_count", usage.output());
        uncounted("cached_tokens", usage.cacheRead(), terms);
        uncounted("cache_write_tokens", usage.cacheWrite5m() + usage.cacheWrite1h(), terms);
        uncounted("reasoning_tokens", usage.reasoning(), terms);
    }

    private static void uncounted(String name, long count, WriteTerms terms) {
        if (count > 0) {
            terms.dropped("response.usage." + name);
        }
    }
}
