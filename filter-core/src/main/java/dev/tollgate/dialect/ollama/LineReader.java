package dev.tollgate.dialect.ollama;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.ProviderError;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads one stream, a line at a time. Tool calls come whole; the last line is done. */
final class LineReader implements Dialect.EventReader {
    private String made = "";
    private boolean started;
    private int parts;
    private int calls;
    /** What the open text part holds: the member it comes in; empty while none is open. */
    private String open = "";

    @Override
    public List<StreamEvent> read(Frame frame) throws BadAnswer {
        List<StreamEvent> events = new ArrayList<>(2);
        if (frame.data().isBlank()) {
            return events;
        }
        JsonNode line = frame.object("a line");
        if (line.hasNonNull("error")) {
            ProviderError error = ProviderError.read(200, line, "");
            events.add(new StreamEvent.Failed(error.type(), error.code(), error.message()));
            return events;
        }
        start(line, events);
        JsonNode message = line.path("message");
        text("thinking", message, events);
        text("content", message, events);
        for (JsonNode call : message.path("tool_calls")) {
            call(call, events);
        }
        if (line.path("done").asBoolean(false)) {
            done(line, events);
        }
        return events;
    }

    private void start(JsonNode line, List<StreamEvent> events) {
        if (started) {
            return;
        }
        started = true;
        made = line.path("created_at").asString("");
        String model = line.path("model").asString("");
        events.add(new StreamEvent.Start("", model, ResponseReader.seconds(made), null, Extras.NONE));
    }

    private void text(String member, JsonNode message, List<StreamEvent> events) {
        String text = message.path(member).asString("");
        if (text.isEmpty()) {
            return;
        }
        if (!open.equals(member)) {
            end(events);
            open = member;
            parts++;
        }
        int part = parts - 1;
        events.add(
                member.equals("thinking")
                        ? new StreamEvent.ReasoningDelta(0, part, text)
                        : new StreamEvent.TextDelta(0, part, text));
    }

    private void end(List<StreamEvent> events) {
        if (!open.isEmpty()) {
            events.add(new StreamEvent.PartEnd(0, parts - 1));
            open = "";
        }
    }

    private void call(JsonNode node, List<StreamEvent> events) {
        end(events);
        Part.ToolCall call = MessageReader.call(node, made, calls++);
        int part = parts++;
        events.add(new StreamEvent.ToolCallStart(0, part, call.id(), call.name()));
        if (!call.arguments().isEmpty()) {
            events.add(new StreamEvent.ToolCallDelta(0, part, call.arguments()));
        }
        events.add(new StreamEvent.PartEnd(0, part));
    }

    private void done(JsonNode line, List<StreamEvent> events) {
        end(events);
        String reason = line.path("done_reason").asString("");
        events.add(new StreamEvent.Finish(0, ResponseReader.finish(reason, calls > 0), Extras.NONE));
        Usage usage = ResponseReader.usage(line);
        if (usage != null) {
            events.add(new StreamEvent.UsageReport(usage));
        }
        events.add(new StreamEvent.Done());
    }
}
