package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The frames of a stream's items, and the items as they are in the end. Texts that follow each other are parts of one message,
 * which stays open until something else begins.
 */
final class ItemFrames implements PartSequence.Parts {
    private final Numbered frames;
    private final OutputItems items;
    private final WriteTerms terms;
    private final ArrayNode output = JsonNodeFactory.instance.arrayNode();
    private final StringBuilder said = new StringBuilder();
    private @Nullable ObjectNode message;
    private @Nullable ObjectNode part;
    private @Nullable ObjectNode reasoning;
    private @Nullable ObjectNode call;
    private @Nullable Opaque callProof;
    private int index = -1;
    private boolean declines;

    ItemFrames(Numbered frames, OutputItems items, WriteTerms terms) {
        this.frames = frames;
        this.items = items;
        this.terms = terms;
    }

    /** The items so far. */
    ArrayNode output() {
        return output.deepCopy();
    }

    /** Whether one of the parts so far holds words of refusal. */
    boolean declines() {
        return declines;
    }

    /** Whether a piece can be said in this dialect; noted if not. */
    boolean canSay(StreamEvent.OfPart piece) {
        if (piece instanceof StreamEvent.ForeignDelta foreign) {
            boolean whole = foreign.whole().isFrom(OpenAiResponses.ID)
                    && foreign.whole().value().has("id");
            if (!whole) {
                terms.dropped(foreign.whole());
            }
            return whole;
        }
        if (piece instanceof StreamEvent.MediaPart media && items.picture(media.media()) == null) {
            String kind = media.media().kind().name().toLowerCase(Locale.ROOT);
            terms.dropped(media.media().extras().path(kind));
            return false;
        }
        return true;
    }

    @Override
    public void open(StreamEvent.OfPart piece) {
        if (isText(piece)) {
            openPart(piece instanceof StreamEvent.DeclinedDelta);
            return;
        }
        end(true);
        if (piece instanceof StreamEvent.ToolCallStart start) {
            call = items.call(start.id(), start.name());
            add(call);
        } else if (piece instanceof StreamEvent.ReasoningDelta || piece instanceof StreamEvent.ReasoningProof) {
            reasoning = items.reasoning();
            add(reasoning);
        } else if (piece instanceof StreamEvent.ForeignDelta foreign) {
            whole((ObjectNode) foreign.whole().value());
        } else if (piece instanceof StreamEvent.MediaPart media) {
            ObjectNode picture = items.picture(media.media());
            if (picture != null) {
                whole(picture);
            }
        }
    }

    private static boolean isText(StreamEvent.OfPart piece) {
        return piece instanceof StreamEvent.TextDelta
                || piece instanceof StreamEvent.DeclinedDelta
                || piece instanceof StreamEvent.Cited;
    }

    /** An item that comes at once. */
    private void whole(ObjectNode item) {
        add(item);
        done(item);
    }

    private void add(ObjectNode item) {
        index++;
        said.setLength(0);
        ObjectNode event = event("response.output_item.added");
        event.set("item", item.deepCopy());
        frames.add(event);
    }

    private void done(ObjectNode item) {
        ObjectNode event = event("response.output_item.done");
        event.set("item", item.deepCopy());
        frames.add(event);
        output.add(item);
    }

    private ObjectNode event(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("output_index", index);
    }

    private ObjectNode event(String type, ObjectNode item) {
        return event(type).put("item_id", item.path("id").asString(""));
    }

    private void openPart(boolean refusal) {
        if (message == null) {
            message = items.message();
            add(message);
        }
        part = refusal ? OutputItems.refusal() : OutputItems.text();
        said.setLength(0);
        ObjectNode event = ofPart("response.content_part.added", message);
        event.set("part", part.deepCopy());
        frames.add(event);
    }

    private static int place(ObjectNode message) {
        return message.path("content").size();
    }

    private ObjectNode ofPart(String type, ObjectNode message) {
        return event(type, message).put("content_index", place(message));
    }

    @Override
    public void write(StreamEvent.OfPart piece) {
        if (piece instanceof StreamEvent.TextDelta delta) {
            text("response.output_text.delta", delta.text(), false);
        } else if (piece instanceof StreamEvent.DeclinedDelta delta) {
            declines = true;
            text("response.refusal.delta", delta.text(), true);
        } else if (piece instanceof StreamEvent.Cited cited) {
            annotation(cited.citation());
        } else if (piece instanceof StreamEvent.ReasoningDelta delta) {
            thought(delta.text());
        } else if (piece instanceof StreamEvent.ReasoningProof proof && reasoning != null) {
            items.prove(reasoning, proof.proof());
        } else if (piece instanceof StreamEvent.ToolCallDelta delta) {
            arguments(delta.arguments());
        } else if (piece instanceof StreamEvent.ToolCallProof proof) {
            callProof = proof.proof();
        }
    }

    private void text(String type, String text, boolean refusal) {
        if (message == null || part == null || text.isEmpty()) {
            return;
        }
        said.append(text);
        ObjectNode event = ofPart(type, message).put("delta", text);
        if (!refusal) {
            event.putArray("logprobs");
        }
        frames.add(event);
    }

    private void annotation(Citation citation) {
        if (message == null || part == null) {
            return;
        }
        JsonNode annotation = Annotations.one(citation, said.length(), terms);
        if (annotation != null) {
            ArrayNode annotations = part.withArray("annotations");
            ObjectNode event = ofPart("response.output_text.annotation.added", message);
            event.put("annotation_index", annotations.size()).set("annotation", annotation);
            annotations.add(annotation);
            frames.add(event);
        }
    }

    /** How likely the tokens of the open text were; it is told with the text as a whole. */
    void chances(List<TokenChance> chances) {
        if (part != null && part.has("logprobs")) {
            part.withArray("logprobs").addAll(Logprobs.write(chances));
        } else {
            terms.dropped("response.choices[].logprobs");
        }
    }

    private void thought(String text) {
        if (reasoning == null || text.isEmpty()) {
            return;
        }
        if (said.isEmpty()) {
            ObjectNode event = ofSummary("response.reasoning_summary_part.added", reasoning);
            event.set("part", OutputItems.summary());
            frames.add(event);
        }
        said.append(text);
        frames.add(ofSummary("response.reasoning_summary_text.delta", reasoning).put("delta", text));
    }

    private ObjectNode ofSummary(String type, ObjectNode item) {
        return event(type, item).put("summary_index", 0);
    }

    /** Arguments; what a tool for plain text gets is known only when they are whole. */
    private void arguments(String arguments) {
        if (call == null || arguments.isEmpty()) {
            return;
        }
        said.append(arguments);
        if (!OutputItems.isCustom(call)) {
            frames.add(event("response.function_call_arguments.delta", call).put("delta", arguments));
        }
    }

    @Override
    public void close() {
        if (part != null && message != null) {
            closePart(part, message);
        }
        if (reasoning != null) {
            closeReasoning(reasoning);
        }
        if (call != null) {
            closeCall(call);
        }
        part = null;
        reasoning = null;
        call = null;
    }

    private void closePart(ObjectNode closed, ObjectNode of) {
        boolean refusal = closed.has("refusal");
        closed.put(refusal ? "refusal" : "text", said.toString());
        ObjectNode event = ofPart(refusal ? "response.refusal.done" : "response.output_text.done", of);
        event.put(refusal ? "refusal" : "text", said.toString());
        if (!refusal) {
            event.set("logprobs", closed.path("logprobs"));
        }
        frames.add(event);
        ObjectNode done = ofPart("response.content_part.done", of);
        done.set("part", closed.deepCopy());
        frames.add(done);
        of.withArray("content").add(closed);
    }

    private void closeReasoning(ObjectNode item) {
        if (!said.isEmpty()) {
            ObjectNode summary = OutputItems.summary().put("text", said.toString());
            frames.add(ofSummary("response.reasoning_summary_text.done", item).put("text", said.toString()));
            ObjectNode done = ofSummary("response.reasoning_summary_part.done", item);
            done.set("part", summary);
            frames.add(done);
            item.withArray("summary").add(summary);
        }
        done(item);
    }

    private void closeCall(ObjectNode item) {
        String name = OutputItems.inputName(item);
        String input = OutputItems.input(item, said.toString());
        String type = OutputItems.isCustom(item) ? "custom_tool_call_input" : "function_call_arguments";
        boolean untold = OutputItems.isCustom(item) || said.toString().isBlank();
        if (untold && !input.isEmpty()) {
            frames.add(event("response." + type + ".delta", item).put("delta", input));
        }
        ObjectNode done = event("response." + type + ".done", item).put(name, input);
        if (!OutputItems.isCustom(item)) {
            done.set("name", item.path("name"));
        }
        frames.add(done);
        done(item.put(name, input).put("status", Status.COMPLETED));
        if (callProof != null) {
            whole(items.proofOf(item.path("call_id").asString(""), callProof));
            callProof = null;
        }
    }

    /**
     * Ends the open message.
     *
     * @param whole whether it is all that the model had to say
     */
    void end(boolean whole) {
        if (message != null) {
            message.put("status", whole ? Status.COMPLETED : Status.INCOMPLETE);
            done(message);
            message = null;
        }
    }

    @Override
    public void late(StreamEvent.OfPart piece) {
        if (!(piece instanceof StreamEvent.ToolCallDelta delta)
                || !delta.arguments().isBlank()) {
            terms.dropped("response.choices[].delta.tool_calls[]");
        }
    }
}
