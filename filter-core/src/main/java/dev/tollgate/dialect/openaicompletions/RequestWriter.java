package dev.tollgate.dialect.openaicompletions;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Tool;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a completion request. A lone message is the prompt; a conversation is written down with who says what. */
final class RequestWriter {
    private final ChatRequest request;
    private final WriteTerms terms;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    private RequestWriter(ChatRequest request, WriteTerms terms) {
        this.request = request;
        this.terms = terms;
    }

    static ObjectNode write(ChatRequest request, WriteTerms terms) {
        return new RequestWriter(request, terms).write();
    }

    private ObjectNode write() {
        body.put("model", request.model());
        prompt();
        sampling(request.sampling());
        if (request.hints().user() != null) {
            body.put("user", request.hints().user());
        }
        unsaid();
        if (request.stream()) {
            body.put("stream", true);
            if (terms.quirks().streamUsage()) {
                body.putObject("stream_options").put("include_usage", true);
            }
        }
        terms.carry(request.extras(), OpenAiCompletions.ID, body);
        return body;
    }

    private void prompt() {
        List<Message> messages = request.messages();
        if (messages.size() == 1 && messages.get(0).parts().size() == 1) {
            Part lone = messages.get(0).parts().get(0);
            if (lone instanceof Part.Foreign foreign && foreign.whole().isFrom(OpenAiCompletions.ID)) {
                body.set(RequestReader.PROMPT, foreign.whole().value());
                return;
            }
        }
        if (messages.size() == 1) {
            body.put(RequestReader.PROMPT, text(messages.get(0)));
            return;
        }
        StringBuilder transcript = new StringBuilder();
        for (Message message : messages) {
            transcript
                    .append(name(message.role()))
                    .append(": ")
                    .append(text(message))
                    .append("\n\n");
        }
        body.put(RequestReader.PROMPT, transcript.append("Assistant:").toString());
    }

    private static String name(Message.Role role) {
        String name = role.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private String text(Message message) {
        List<String> texts = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.Text text) {
                texts.add(text.text());
                if (text.cache() != null) {
                    terms.dropped("messages[].content[].cache_control");
                }
            } else if (part instanceof Part.Reasoning reasoning) {
                drop(reasoning.extras().at());
            } else {
                drop(part.extras().at());
            }
        }
        return String.join("\n", texts);
    }

    private void drop(String at) {
        terms.dropped(at.isEmpty() ? "messages[].content" : at);
    }

    private void sampling(Sampling sampling) {
        Long limit = sampling.maxTokens();
        boolean own = request.extras().isFrom(OpenAiCompletions.ID);
        if (limit == null && !own) {
            limit = terms.defaultMaxTokens(); // sixteen otherwise
        }
        put("max_tokens", limit);
        set("temperature", sampling.temperature());
        set("top_p", sampling.topP());
        put("top_k", own ? sampling.topK() : null);
        if (!own && sampling.topK() != null) {
            terms.dropped(Asked.TOP_K);
        }
        set("frequency_penalty", sampling.frequencyPenalty());
        set("presence_penalty", sampling.presencePenalty());
        put("seed", sampling.seed());
        put("n", sampling.choices());
        put("logprobs", sampling.topLogprobs());
        if (!sampling.stop().isEmpty()) {
            sampling.stop().forEach(body.putArray("stop")::add);
        }
    }

    private void put(String name, @Nullable Long value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private void set(String name, @Nullable JsonNode value) {
        if (value != null) {
            body.set(name, value);
        }
    }

    /** What a text to go on with has no place for. */
    private void unsaid() {
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Foreign foreign) {
                terms.dropped(foreign.whole());
            } else {
                terms.dropped(Asked.TOOLS);
            }
        }
        terms.dropped(Asked.TOOL_CHOICE, request.toolChoice());
        terms.dropped(Asked.OUTPUT, request.output());
        terms.dropped(Asked.EFFORT, request.thinking());
        terms.dropped(Asked.SERVICE_TIER, request.hints().serviceTier());
        terms.dropped(Asked.CACHE_KEY, request.hints().cacheKey());
        terms.dropped(Asked.VERBOSITY, request.hints().verbosity());
        terms.dropped(Asked.METADATA, request.hints().metadata());
    }
}
