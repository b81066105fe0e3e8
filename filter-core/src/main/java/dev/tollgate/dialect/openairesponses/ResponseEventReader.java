package dev.tollgate.dialect.openairesponses;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one stream of events. Pieces come in deltas, but a provider may leave them out and tell a part, an item or the whole
 * answer only when it is done; so what was not heard before is read from there.
 */
final class ResponseEventReader implements Dialect.EventReader {
    /** A mark that some providers end with, as with chat completions. */
    static final String END = "[DONE]";

    private static final int MOST_ITEMS = 4096;

    private final Map<Integer, StreamItem> items = new HashMap<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<StreamEvent> events = new ArrayList<>(2);
    private final UnseenWork work = new UnseenWork();
    private int parts;
    private boolean started;

    @Override
    public List<StreamEvent> read(Frame frame) throws BadAnswer {
        if (frame.data().isBlank() || frame.data().trim().equals(END)) {
            return List.of();
        }
        events.clear();
        JsonNode event = parse(frame.data());
        work.see(event.path("type").asString(""), frame.data());
        read(event);
        return List.copyOf(events);
    }

    @Override
    public boolean isWorking() {
        return work.isUnderWay();
    }

    private static JsonNode parse(String data) throws BadAnswer {
        try {
            JsonNode event = Json.read(data);
            if (event.path("type").isString() || event.hasNonNull("error")) {
                return event;
            }
        } catch (JacksonException e) {
            throw new BadAnswer("an event of the stream is not JSON");
        }
        throw new BadAnswer("an event of the stream has no type");
    }

    private void read(JsonNode event) throws BadAnswer {
        String type = event.path("type").asString("error");
        switch (type) {
            case "response.created", "response.in_progress", "response.queued" -> start(event.path("response"));
            case "response.completed", "response.incomplete" -> end(event.path("response"));
            case "response.failed", "response.cancelled" -> failed(event.path("response"));
            case "error" -> failed(event);
            case "keepalive", "ping" -> {}
            default -> piece(type, event);
        }
    }

    private void start(JsonNode response) {
        if (started) {
            return;
        }
        started = true;
        ObjectNode known = response instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        Fields fields = Fields.lenient(known, OpenAiResponses.ID, "response");
        String id = fields.need("id");
        String model = fields.need("model");
        fields.take("output");
        fields.take("usage");
        Long created = ResponseReader.created(fields);
        events.add(new StreamEvent.Start(id, model, created, null, ResponseReader.rest(fields)));
    }

    private void failed(JsonNode told) {
        ProviderError error = ProviderError.read(200, told, "");
        String type = error.type() == null || error.type().equals("error") ? null : error.type();
        events.add(new StreamEvent.Failed(type, error.code(), error.message()));
    }

    private void piece(String type, JsonNode event) throws BadAnswer {
        if (!started) {
            start(event.path("response"));
        }
        if (!event.has("output_index") && !event.has("item_id")) {
            Opaque whole = new Opaque(OpenAiResponses.ID, type, event);
            events.add(new StreamEvent.ForeignDelta(0, parts++, type, whole));
            return;
        }
        StreamItem item = item(event);
        int content = event.path("content_index").asInt(0);
        switch (type) {
            case "response.output_item.added" -> item.added(event.path("item"));
            case "response.output_item.done" -> item.done(event.path("item"));
            case "response.output_text.delta" -> {
                item.text(content, event.path("delta").asString(""));
                item.chances(content, event.path("logprobs"));
            }
            case "response.output_text.done" ->
                item.wholeText(content, event.path("text").asString(""));
            case "response.output_text.annotation.added" -> item.annotation(content, event.path("annotation"));
            case "response.refusal.delta" ->
                item.refusal(content, event.path("delta").asString(""));
            case "response.refusal.done" ->
                item.wholeRefusal(content, event.path("refusal").asString(""));
            case "response.reasoning_summary_text.delta" ->
                item.summary(
                        event.path("summary_index").asInt(0),
                        event.path("delta").asString(""));
            case "response.reasoning_text.delta" ->
                item.thought(content, event.path("delta").asString(""));
            case "response.function_call_arguments.delta" ->
                item.arguments(event.path("delta").asString(""));
            case "response.function_call_arguments.done" ->
                item.wholeArguments(event.path("arguments").asString(""));
            default -> {
                // Progress of an item that is told whole when it is done.
            }
        }
    }

    private StreamItem item(JsonNode event) throws BadAnswer {
        String id = event.path("item_id").asString(event.path("item").path("id").asString(""));
        JsonNode given = event.path("output_index");
        int index = given.isIntegralNumber() ? given.asInt(-1) : indexes.getOrDefault(id, -1);
        if (index < 0 || index >= MOST_ITEMS) {
            throw new BadAnswer("an event of the stream numbers an item beyond reason");
        }
        indexes.put(id, index);
        return item(index);
    }

    private StreamItem item(int index) {
        return items.computeIfAbsent(index, key -> new StreamItem(key, events, () -> parts++));
    }

    private void end(JsonNode response) {
        start(response);
        int index = 0;
        for (JsonNode item : response.path("output")) {
            item(index++).done(item);
        }
        items.values().forEach(StreamItem::end);
        Usage usage = UsageFields.read(response.get("usage"));
        if (usage != null) {
            events.add(new StreamEvent.UsageReport(usage));
        }
        Extras place = new Extras(OpenAiResponses.ID, "response", Map.of());
        boolean calls = items.values().stream().anyMatch(StreamItem::isCall);
        events.add(new StreamEvent.Finish(0, Status.read(response, calls), place));
        events.add(new StreamEvent.Done());
    }
}
