package dev.tollgate.dialect.openaicompletions;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Sampling;
import dev.tollgate.dialect.Fields;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a completion request. */
final class RequestReader {
    /** A prompt in a form that is not one text. */
    static final String PROMPT = "prompt";

    private RequestReader() {}

    static ChatRequest read(ObjectNode body) {
        Fields fields = Fields.strict(body, OpenAiCompletions.ID);
        String model = fields.need("model");
        Message prompt = prompt(fields);
        Fields options = fields.object("stream_options");
        Hints hints = new Hints(fields.text("user"), null, null, null, null);
        Sampling sampling = new Sampling(
                fields.whole("max_tokens"),
                fields.number("temperature"),
                fields.number("top_p"),
                fields.whole("top_k"),
                fields.number("frequency_penalty"),
                fields.number("presence_penalty"),
                fields.whole("seed"),
                fields.whole("n"),
                fields.whole("logprobs"),
                stop(fields));
        return new ChatRequest(
                model,
                List.of(prompt),
                List.of(),
                null,
                null,
                sampling,
                null,
                null,
                hints,
                Boolean.TRUE.equals(fields.flag("stream")),
                options != null && Boolean.TRUE.equals(options.flag("include_usage")),
                fields.rest());
    }

    private static Message prompt(Fields fields) {
        JsonNode prompt = fields.take(PROMPT);
        String text = prompt == null ? null : text(prompt);
        Part part = text != null
                ? Part.Text.of(text)
                : new Part.Foreign(
                        PROMPT,
                        new Opaque(
                                OpenAiCompletions.ID,
                                PROMPT,
                                prompt == null ? fields.node().nullNode() : prompt));
        return new Message(Message.Role.USER, List.of(part), new Extras(OpenAiCompletions.ID, PROMPT, Map.of()));
    }

    /** A lone text, in a list or not; null for anything else. */
    private static @Nullable String text(JsonNode prompt) {
        JsonNode lone = prompt.isArray() && prompt.size() == 1 ? prompt.get(0) : prompt;
        return lone.isString() ? lone.stringValue() : null;
    }

    private static List<String> stop(Fields fields) {
        JsonNode stop = fields.peek("stop");
        if (stop != null && stop.isString()) {
            fields.take("stop");
            return List.of(stop.stringValue());
        }
        return fields.texts("stop");
    }

    /** What a chat model cannot be asked, and what would change the answer if it were left out. */
    static void refuseUntranslatable(ObjectNode body) {
        JsonNode prompt = body.path(PROMPT);
        if (text(prompt) == null) {
            throw refusal(
                    PROMPT,
                    "must be one text here: neither token numbers nor several prompts can be put to a chat model");
        }
        if (body.path("echo").asBoolean(false)) {
            throw refusal("echo", "asks for something a chat model does not do");
        }
        if (!body.path("suffix").asString("").isEmpty()) {
            throw refusal("suffix", "asks for something a chat model does not do");
        }
        if (body.path("best_of").asLong(1) > body.path("n").asLong(1)) {
            throw refusal("best_of", "asks for something a chat model does not do");
        }
    }

    private static Refusal refusal(String field, String why) {
        return Refusal.badField(
                field,
                "'" + field + "' " + why + "; leave it out, or ask for a model that is served at completions itself");
    }
}
