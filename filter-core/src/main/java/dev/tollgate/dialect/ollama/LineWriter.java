package dev.tollgate.dialect.ollama;

import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.ToolArguments;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes one stream. A tool call is said when it is whole, and the last line when all is. */
final class LineWriter implements Dialect.EventWriter {
    private final WriteTerms terms;
    private final InstantSource clock;
    private final Map<Integer, Call> calls = new TreeMap<>();
    private String model = "";
    private @Nullable Long created;
    private @Nullable Usage usage;
    private String reason = "stop";
    private boolean over;

    LineWriter(WriteTerms terms, InstantSource clock) {
        this.terms = terms;
        this.clock = clock;
    }

    private record Call(String id, String name, StringBuilder arguments) {}

    @Override
    public List<Frame> write(StreamEvent event) {
        if (over) {
            return List.of();
        }
        if (event instanceof StreamEvent.OfPart part) {
            if (part.choice() == 0) {
                return part(part);
            }
            terms.dropped("response.choices[]");
        } else if (event instanceof StreamEvent.Start start) {
            model = start.model();
            created = start.created();
            usage = start.usage();
            terms.dropped(start.extras());
        } else if (event instanceof StreamEvent.Finish finish && finish.choice() == 0) {
            reason = ResponseWriter.reason(finish.reason());
            terms.dropped(finish.extras());
        } else if (event instanceof StreamEvent.Chances) {
            terms.dropped(ResponseWriter.LOGPROBS);
        } else if (event instanceof StreamEvent.UsageReport report) {
            usage = report.usage();
        } else if (event instanceof StreamEvent.Failed) {
            over = true;
        } else if (event instanceof StreamEvent.Done) {
            return List.of(done());
        } else {
            terms.dropped("response.choices[]");
        }
        return List.of();
    }

    private List<Frame> part(StreamEvent.OfPart event) {
        if (event instanceof StreamEvent.TextDelta delta) {
            return List.of(text("content", delta.text()));
        } else if (event instanceof StreamEvent.DeclinedDelta delta) {
            return List.of(text("content", delta.text()));
        } else if (event instanceof StreamEvent.ReasoningDelta delta) {
            return List.of(text("thinking", delta.text()));
        } else if (event instanceof StreamEvent.ToolCallStart start) {
            calls.put(start.part(), new Call(start.id(), start.name(), new StringBuilder()));
        } else if (event instanceof StreamEvent.ToolCallDelta delta) {
            Call call = calls.get(delta.part());
            if (call != null) {
                call.arguments().append(delta.arguments());
            }
        } else if (event instanceof StreamEvent.PartEnd end) {
            Call call = calls.remove(end.part());
            return call == null ? List.of() : List.of(call(call));
        } else {
            terms.dropped("response.content");
        }
        return List.of();
    }

    private Frame text(String member, String text) {
        ObjectNode line = ResponseWriter.head(model, created, clock);
        ObjectNode message = line.putObject("message").put("role", "assistant").put("content", "");
        message.put(member, text);
        return frame(line.put("done", false));
    }

    private Frame call(Call call) {
        ObjectNode line = ResponseWriter.head(model, created, clock);
        ObjectNode message = line.putObject("message").put("role", "assistant").put("content", "");
        message.putArray("tool_calls").add(written(call));
        return frame(line.put("done", false));
    }

    private static ObjectNode written(Call call) {
        JsonNode arguments = ToolArguments.of(call.arguments().toString());
        return MessageWriter.call(call.id(), call.name(), arguments);
    }

    private Frame done() {
        over = true;
        ObjectNode line = ResponseWriter.head(model, created, clock);
        ObjectNode message = line.putObject("message").put("role", "assistant").put("content", "");
        calls.values().forEach(call -> message.withArray("tool_calls").add(written(call)));
        line.put("done", true).put("done_reason", reason);
        ResponseWriter.counts(usage, line, terms);
        return frame(line);
    }

    private static Frame frame(ObjectNode line) {
        return new Frame(null, Json.text(line));
    }
}
