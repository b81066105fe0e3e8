package dev.tollgate.dialect.openaicompletions;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.WriteTerms;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes whole answers. Only text has a place in them. */
final class ResponseWriter {
    private ResponseWriter() {}

    static ObjectNode write(ChatResponse response, WriteTerms terms, InstantSource clock) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Long created = response.created();
        body.put("id", response.id()).put("object", "text_completion");
        body.put("created", created == null ? clock.instant().getEpochSecond() : created);
        body.put("model", response.model());
        ArrayNode choices = body.putArray("choices");
        response.choices().forEach(choice -> choices.add(choice(choice, terms)));
        if (response.usage() != null) {
            body.set("usage", usage(response.usage(), terms));
        }
        terms.carry(response.extras(), OpenAiCompletions.ID, body);
        return body;
    }

    private static ObjectNode choice(Choice choice, WriteTerms terms) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("text", text(choice.parts(), terms)).put("index", choice.index());
        ObjectNode logprobs = Logprobs.write(choice.chances());
        node.set("logprobs", logprobs == null ? node.nullNode() : logprobs);
        node.put("finish_reason", finish(choice.finish()));
        terms.carry(choice.extras(), OpenAiCompletions.ID, node);
        return node;
    }

    private static String text(List<Part> parts, WriteTerms terms) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text said) {
                text.append(said.text());
                said.citations().forEach(citation -> terms.dropped(citation.whole()));
                terms.dropped(said.extras());
            } else if (part instanceof Part.Declined declined) {
                text.append(declined.text());
            } else if (part instanceof Part.Reasoning) {
                terms.dropped("response.reasoning");
            } else {
                terms.dropped("response.content");
            }
        }
        return text.toString();
    }

    static String finish(FinishReason reason) {
        return switch (reason.kind()) {
            case LENGTH, CONTEXT_WINDOW -> "length";
            case CONTENT_FILTER, REFUSAL -> "content_filter";
            case OTHER -> reason.raw().isEmpty() ? "stop" : reason.raw();
            case STOP, STOP_SEQUENCE, PAUSE, TOOL_CALLS -> "stop";
        };
    }

    static ObjectNode usage(Usage usage, WriteTerms terms) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("prompt_tokens", usage.input());
        node.put("completion_tokens", usage.output());
        node.put("total_tokens", usage.total());
        if (usage.cacheRead() > 0) {
            node.putObject("prompt_tokens_details").put("cached_tokens", usage.cacheRead());
        }
        if (usage.reasoning() > 0) {
            node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoning());
        }
        if (usage.cacheWrite5m() + usage.cacheWrite1h() > 0) {
            terms.dropped("response.usage.cache_write_tokens");
        }
        return node;
    }
}
