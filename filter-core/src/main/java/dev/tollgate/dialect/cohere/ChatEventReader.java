package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads one stream of events. Content and tool calls are numbered apart from each other, and the plan not at all; we number
 * them together, in the order they begin.
 */
final class ChatEventReader implements Dialect.EventReader {
    static final String END = "[DONE]";
    private static final String PLAN = "plan";

    private static final Set<String> START = Set.of("role", "content", "tool_plan", "tool_calls", "citations");
    private static final Set<String> STOP = Set.of("finish_reason", "usage", "error");

    private final Map<String, Integer> places = new HashMap<>();
    private final List<StreamEvent> events = new ArrayList<>(2);
    private int parts;

    @Override
    public List<StreamEvent> read(Frame frame) throws BadAnswer {
        if (frame.data().isBlank() || frame.data().trim().equals(END)) {
            return List.of();
        }
        events.clear();
        read(frame.object("an event"));
        return List.copyOf(events);
    }

    private void read(JsonNode event) {
        String type = event.path("type").asString("");
        String index = String.valueOf(event.path("index").asInt(0));
        JsonNode message = event.path("delta").path("message");
        switch (type) {
            case "message-start" -> start(event, message);
            case "content-start", "content-delta" -> content(message.path("content"), index);
            case "content-end" -> end("content" + index);
            case "tool-plan-delta" -> thought(message.path("tool_plan").asString(""), PLAN);
            case "tool-call-start" -> call(message.path("tool_calls"), index);
            case "tool-call-delta" ->
                arguments(
                        message.path("tool_calls")
                                .path("function")
                                .path("arguments")
                                .asString(""),
                        index);
            case "tool-call-end" -> end("call" + index);
            case "citation-start" -> citation(message.path("citations"));
            case "citation-end", "debug" -> {}
            case "message-end" -> messageEnd(event.path("delta"));
            default -> other(event, type);
        }
    }

    /** An error may come as an object of its own, without a type. */
    private void other(JsonNode event, String type) {
        if (type.isEmpty() && event.path("message").isString()) {
            events.add(new StreamEvent.Failed(null, null, event.path("message").stringValue()));
        } else {
            Opaque whole = new Opaque(Cohere.ID, "response." + type, event);
            events.add(new StreamEvent.ForeignDelta(0, 0, type, whole));
        }
    }

    private int place(String name) {
        return places.computeIfAbsent(name, key -> parts++);
    }

    private void end(String name) {
        Integer place = places.get(name);
        if (place != null) {
            events.add(new StreamEvent.PartEnd(0, place));
        }
    }

    private void start(JsonNode event, JsonNode message) {
        Extras extras = new Extras(Cohere.ID, "response.message", Fields.others(message, START));
        events.add(new StreamEvent.Start(event.path("id").asString(""), "", null, null, extras));
    }

    private void content(JsonNode content, String index) {
        thought(content.path("thinking").asString(""), "content" + index);
        String text = content.path("text").asString("");
        if (!text.isEmpty()) {
            end(PLAN);
            events.add(new StreamEvent.TextDelta(0, place("content" + index), text));
        }
    }

    private void thought(String text, String name) {
        if (!text.isEmpty()) {
            events.add(new StreamEvent.ReasoningDelta(0, place(name), text));
        }
    }

    private void call(JsonNode call, String index) {
        end(PLAN);
        JsonNode function = call.path("function");
        events.add(new StreamEvent.ToolCallStart(
                0,
                place("call" + index),
                call.path("id").asString(""),
                function.path("name").asString("")));
        arguments(function.path("arguments").asString(""), index);
    }

    private void arguments(String json, String index) {
        if (!json.isEmpty()) {
            events.add(new StreamEvent.ToolCallDelta(0, place("call" + index), json));
        }
    }

    private void citation(JsonNode citation) {
        String name = "content" + citation.path("content_index").asInt(0);
        String at = "response.message.citations[]";
        if (Citations.isOfText(citation) && places.containsKey(name)) {
            events.add(new StreamEvent.Cited(0, place(name), Citations.read(citation, at, null)));
        } else {
            events.add(new StreamEvent.ForeignDelta(0, 0, "citation-start", new Opaque(Cohere.ID, at, citation)));
        }
    }

    private void messageEnd(JsonNode delta) {
        String reason = delta.path("finish_reason").asString("");
        if (FinishWords.isFailure(reason) || delta.path("error").isString()) {
            String message = delta.path("error").asString("the provider gave no message");
            events.add(new StreamEvent.Failed(reason.isEmpty() ? FinishWords.ERROR : reason, null, message));
            return;
        }
        Extras extras = new Extras(Cohere.ID, "response", Fields.others(delta, STOP));
        events.add(new StreamEvent.Finish(0, FinishWords.read(reason), extras));
        Usage usage = UsageFields.read(delta.get("usage"));
        if (usage != null) {
            events.add(new StreamEvent.UsageReport(usage));
        }
        events.add(new StreamEvent.Done());
    }
}
