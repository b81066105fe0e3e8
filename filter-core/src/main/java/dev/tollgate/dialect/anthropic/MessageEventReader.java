package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads one stream of events. Its usage is cumulative: each report replaces, field by field, what was reported before. */
final class MessageEventReader implements Dialect.EventReader {
    private static final Set<String> MESSAGE =
            Set.of("id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage");
    private static final Set<String> MESSAGE_DELTA = Set.of("type", "delta", "usage");
    private static final Set<String> STOP = Set.of("stop_reason", "stop_sequence");

    private final ObjectNode usage = JsonNodeFactory.instance.objectNode();
    private final Set<Integer> foreign = new HashSet<>();
    private final List<StreamEvent> events = new ArrayList<>(2);
    private final UnseenWork work = new UnseenWork();

    @Override
    public List<StreamEvent> read(Frame frame) throws BadAnswer {
        if (frame.data().isBlank()) {
            return List.of();
        }
        events.clear();
        JsonNode event = parse(frame.data());
        work.see(event.path("type").stringValue(), frame.data());
        read(event);
        return List.copyOf(events);
    }

    @Override
    public boolean isWorking() {
        return work.isUnderWay();
    }

    static JsonNode parse(String data) throws BadAnswer {
        try {
            JsonNode event = Json.read(data);
            if (event.path("type").isString()) {
                return event;
            }
        } catch (JacksonException e) {
            throw new BadAnswer("an event of the stream is not JSON");
        }
        throw new BadAnswer("an event of the stream has no type");
    }

    private void read(JsonNode event) {
        String type = event.path("type").stringValue();
        int index = event.path("index").asInt(0);
        switch (type) {
            case "message_start" -> start(event.path("message"));
            case "content_block_start" -> blockStart(event, event.path("content_block"), index);
            case "content_block_delta" -> blockDelta(event, event.path("delta"), index);
            case "content_block_stop" -> events.add(new StreamEvent.PartEnd(0, index));
            case "message_delta" -> messageDelta(event);
            case "message_stop" -> events.add(new StreamEvent.Done());
            case "error" -> error(event);
            case "ping" -> {}
            default -> events.add(foreign(index, type, "response." + type, event));
        }
    }

    private void start(JsonNode message) {
        Usage known = report(message.get("usage"));
        events.add(new StreamEvent.Start(
                message.path("id").asString(""),
                message.path("model").asString(""),
                null,
                known,
                new Extras(Anthropic.ID, "response", Fields.others(message, MESSAGE))));
    }

    private @Nullable Usage report(@Nullable JsonNode told) {
        if (told instanceof ObjectNode object) {
            usage.setAll(object);
            return UsageFields.read(usage.deepCopy());
        }
        return null;
    }

    private void blockStart(JsonNode event, JsonNode block, int index) {
        String type = block.path("type").asString("");
        switch (type) {
            case "text" -> text(index, block.path("text").asString(""));
            case "thinking" -> {
                thought(index, block.path("thinking").asString(""));
                signature(index, block.path("signature"));
            }
            case "redacted_thinking" -> proof(index, "data", block);
            case "tool_use" -> toolUse(block, index);
            default -> {
                foreign.add(index);
                events.add(foreign(index, type, path(type), event));
            }
        }
    }

    private static String path(String member) {
        return "response.content[]." + member;
    }

    private static StreamEvent foreign(int index, String type, String path, JsonNode whole) {
        return new StreamEvent.ForeignDelta(0, index, type, new Opaque(Anthropic.ID, path, whole));
    }

    private void text(int index, String text) {
        if (!text.isEmpty()) {
            events.add(new StreamEvent.TextDelta(0, index, text));
        }
    }

    private void thought(int index, String text) {
        if (!text.isEmpty()) {
            events.add(new StreamEvent.ReasoningDelta(0, index, text));
        }
    }

    private void signature(int index, JsonNode signature) {
        if (!signature.asString("").isEmpty()) {
            proof(index, "signature", signature);
        }
    }

    private void proof(int index, String member, JsonNode value) {
        events.add(new StreamEvent.ReasoningProof(0, index, new Opaque(Anthropic.ID, path(member), value)));
    }

    private void toolUse(JsonNode block, int index) {
        events.add(new StreamEvent.ToolCallStart(
                0, index, block.path("id").asString(""), block.path("name").asString("")));
        if (!block.path("input").isEmpty()) {
            arguments(index, Json.text(block.path("input")));
        }
        JsonNode caller = block.path("caller");
        if (caller.isObject()) {
            events.add(foreign(index, "caller", path("caller"), caller));
        }
    }

    private void arguments(int index, String json) {
        if (!json.isEmpty()) {
            events.add(new StreamEvent.ToolCallDelta(0, index, json));
        }
    }

    private void blockDelta(JsonNode event, JsonNode delta, int index) {
        String type = delta.path("type").asString("");
        if (foreign.contains(index)) {
            events.add(foreign(index, type, path(type), event));
            return;
        }
        switch (type) {
            case "text_delta" -> text(index, delta.path("text").asString(""));
            case "input_json_delta" ->
                arguments(index, delta.path("partial_json").asString(""));
            case "thinking_delta" -> thought(index, delta.path("thinking").asString(""));
            case "signature_delta" -> signature(index, delta.path("signature"));
            case "citations_delta" ->
                events.add(new StreamEvent.Cited(
                        0, index, CitationFields.read(delta.path("citation"), path("citations"))));
            default -> events.add(foreign(index, type, path(type), event));
        }
    }

    private void messageDelta(JsonNode event) {
        Usage known = report(event.get("usage"));
        if (known != null) {
            events.add(new StreamEvent.UsageReport(known));
        }
        JsonNode delta = event.path("delta");
        String reason = delta.path("stop_reason").asString("");
        Map<String, JsonNode> others = Fields.others(delta, STOP);
        others.putAll(Fields.others(event, MESSAGE_DELTA));
        if (!reason.isEmpty()) {
            String sequence = delta.path("stop_sequence").asString("");
            Extras extras = new Extras(Anthropic.ID, "response", others);
            events.add(new StreamEvent.Finish(0, StopWords.read(reason, sequence), extras));
        }
    }

    private void error(JsonNode event) {
        ProviderError error = ProviderError.read(200, event, "");
        events.add(new StreamEvent.Failed(error.type(), error.code(), error.message()));
    }
}
