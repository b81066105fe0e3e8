package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The frames of a stream's parts: texts and thoughts, which are content, and tool calls, which are numbered apart. */
final class PartFrames implements PartSequence.Parts {
    private static final String CONTENT = "content";

    private final WriteTerms terms;
    private final List<Frame> frames = new ArrayList<>(2);
    private int content = -1;
    private int calls = -1;
    private int citations;
    private boolean inCall;
    private boolean decline;

    PartFrames(WriteTerms terms) {
        this.terms = terms;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Adds an event as a frame, which bears its type as its name. */
    void frame(ObjectNode event) {
        frames.add(new Frame(event.path("type").stringValue(), Json.text(event)));
    }

    void last(Frame mark) {
        frames.add(mark);
    }

    /** The frames since they were last taken. */
    List<Frame> taken() {
        List<Frame> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    /** Whether one of the parts so far calls a tool. */
    boolean callTools() {
        return calls >= 0;
    }

    /** Whether one of the parts so far holds words of refusal. */
    boolean decline() {
        return decline;
    }

    /** Whether a piece can be said in this dialect; noted if not. */
    boolean canSay(StreamEvent.OfPart piece) {
        if (piece instanceof StreamEvent.ReasoningProof proof) {
            return dropped(proof.proof());
        }
        if (piece instanceof StreamEvent.ToolCallProof proof) {
            return dropped(proof.proof());
        }
        if (piece instanceof StreamEvent.ForeignDelta foreign) {
            return dropped(foreign.whole());
        }
        if (piece instanceof StreamEvent.MediaPart media) {
            terms.dropped(media.media().extras().at());
            return false;
        }
        return true;
    }

    private boolean dropped(Opaque opaque) {
        terms.dropped(opaque);
        return false;
    }

    @Override
    public void open(StreamEvent.OfPart piece) {
        inCall = piece instanceof StreamEvent.ToolCallStart;
        if (piece instanceof StreamEvent.ToolCallStart call) {
            calls++;
            ObjectNode node = object().put("id", call.id()).put("type", "function");
            node.putObject("function").put("name", call.name()).put("arguments", "");
            event("tool-call-start", calls, "tool_calls", node);
        } else {
            content++;
            boolean thought = piece instanceof StreamEvent.ReasoningDelta;
            String type = thought ? "thinking" : "text";
            event("content-start", content, CONTENT, object().put("type", type).put(type, ""));
        }
    }

    @Override
    public void write(StreamEvent.OfPart piece) {
        if (piece instanceof StreamEvent.TextDelta text) {
            content("text", text.text());
        } else if (piece instanceof StreamEvent.DeclinedDelta text) {
            decline = true;
            content("text", text.text());
        } else if (piece instanceof StreamEvent.ReasoningDelta text) {
            content("thinking", text.text());
        } else if (piece instanceof StreamEvent.ToolCallDelta call) {
            ObjectNode node = object();
            node.putObject("function").put("arguments", call.arguments());
            event("tool-call-delta", calls, "tool_calls", node);
        } else if (piece instanceof StreamEvent.Cited cited) {
            event("citation-start", citations, "citations", Citations.write(cited.citation(), null, content));
            frame(object().put("type", "citation-end").put("index", citations++));
        }
    }

    private void content(String member, String text) {
        event("content-delta", content, CONTENT, object().put(member, text));
    }

    private void event(String type, int index, String member, JsonNode value) {
        ObjectNode event = object().put("type", type).put("index", index);
        event.putObject("delta").putObject("message").set(member, value);
        frame(event);
    }

    @Override
    public void close() {
        String type = inCall ? "tool-call-end" : "content-end";
        frame(object().put("type", type).put("index", inCall ? calls : content));
    }

    @Override
    public void late(StreamEvent.OfPart piece) {
        if (!(piece instanceof StreamEvent.ToolCallDelta delta)
                || !delta.arguments().isBlank()) {
            terms.dropped("response.choices[].delta.tool_calls[]");
        }
    }
}
