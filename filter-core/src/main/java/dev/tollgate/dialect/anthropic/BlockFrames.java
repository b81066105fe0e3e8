package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.Seal;
import dev.tollgate.dialect.ToolIds;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The frames of a stream's content blocks. */
final class BlockFrames implements PartSequence.Parts {
    private final WriteTerms terms;
    private final List<Frame> frames = new ArrayList<>(2);
    private int index = -1;
    private final Map<Integer, Opaque> proofs = new TreeMap<>();
    private final Map<Integer, String> callIds = new HashMap<>();
    private boolean open;
    private boolean redacted;
    private boolean callTools;
    private boolean decline;

    BlockFrames(WriteTerms terms) {
        this.terms = terms;
    }

    void frame(ObjectNode event) {
        frames.add(MessageEvents.frame(event));
    }

    /** The frames since they were last taken. */
    List<Frame> taken() {
        List<Frame> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    /** Whether one of the blocks so far calls a tool. */
    boolean callTools() {
        return callTools;
    }

    /** Whether one of the blocks so far holds words of refusal. */
    boolean decline() {
        return decline;
    }

    /** Whether a piece can be said in this dialect; noted if not. */
    boolean canSay(StreamEvent.OfPart piece) {
        if (piece instanceof StreamEvent.MediaPart media) {
            return picture(media) != null;
        }
        if (piece instanceof StreamEvent.ForeignDelta foreign) {
            JsonNode whole = foreign.whole().value();
            return isOurs(foreign.whole(), whole.has("content_block") || whole.has("delta"));
        }
        return true;
    }

    private @Nullable JsonNode picture(StreamEvent.MediaPart piece) {
        return new BlockWriter(terms, false, true).block(piece.media());
    }

    private void cite(StreamEvent.Cited cited) {
        JsonNode citation = CitationFields.write(cited.citation(), terms);
        if (citation != null) {
            ObjectNode event = event("content_block_delta");
            event.putObject("delta").put("type", "citations_delta").set("citation", citation);
            frame(event);
        }
    }

    private boolean isOurs(Opaque opaque, boolean whole) {
        if (whole && opaque.isFrom(Anthropic.ID)) {
            return true;
        }
        terms.dropped(opaque);
        return false;
    }

    /** Takes what a tool call must bring back; it is written before the call where it comes first, else after it. */
    void prove(StreamEvent.ToolCallProof proof) {
        proofs.put(proof.part(), proof.proof());
        writeProofs();
    }

    @Override
    public void open(StreamEvent.OfPart piece) {
        if (piece instanceof StreamEvent.ToolCallStart start) {
            callIds.put(piece.part(), ToolIds.wordsOnly(start.id()));
            writeProofs();
        }
        open = true;
        start(block(piece));
    }

    private void start(JsonNode block) {
        index++;
        redacted = block.path("type").asString("").equals("redacted_thinking");
        ObjectNode event = event("content_block_start");
        event.set("content_block", block);
        frame(event);
    }

    private void writeProofs() {
        if (open) {
            return;
        }
        proofs.entrySet().removeIf(proof -> {
            String id = callIds.get(proof.getKey());
            if (id != null) {
                start(CallProofs.block(proof.getValue(), terms.providerFamily(), id));
                frame(event("content_block_stop"));
            }
            return id != null;
        });
    }

    private JsonNode block(StreamEvent.OfPart piece) {
        ObjectNode block = JsonNodeFactory.instance.objectNode();
        if (piece instanceof StreamEvent.ToolCallStart call) {
            callTools = true;
            block.put("type", "tool_use")
                    .put("id", ToolIds.wordsOnly(call.id()))
                    .put("name", call.name());
            block.putObject("input");
            return block;
        }
        if (piece instanceof StreamEvent.MediaPart media) {
            JsonNode picture = picture(media);
            return picture == null ? block : picture;
        }
        if (piece instanceof StreamEvent.ForeignDelta foreign
                && foreign.whole().value().has("content_block")) {
            return foreign.whole().value().path("content_block");
        }
        if (piece instanceof StreamEvent.ReasoningProof proof) {
            if (!proof.proof().isFrom(Anthropic.ID)) {
                return ResponseWriter.redacted(seal(proof));
            }
            if (proof.proof().value() instanceof ObjectNode whole) {
                return whole;
            }
        }
        if (piece instanceof StreamEvent.ReasoningDelta || piece instanceof StreamEvent.ReasoningProof) {
            return thinking();
        }
        return block.put("type", "text").put("text", "");
    }

    @Override
    public void write(StreamEvent.OfPart piece) {
        if (piece instanceof StreamEvent.TextDelta delta) {
            delta("text_delta", "text", delta.text());
        } else if (piece instanceof StreamEvent.DeclinedDelta delta) {
            decline = true;
            delta("text_delta", "text", delta.text());
        } else if (piece instanceof StreamEvent.ReasoningDelta delta) {
            if (redacted) {
                frame(event("content_block_stop"));
                start(thinking());
            }
            delta("thinking_delta", "thinking", delta.text());
        } else if (piece instanceof StreamEvent.Cited cited) {
            cite(cited);
        } else if (piece instanceof StreamEvent.ToolCallDelta delta) {
            delta("input_json_delta", "partial_json", delta.arguments());
        } else if (piece instanceof StreamEvent.ReasoningProof proof && !redacted) {
            delta("signature_delta", "signature", signature(proof));
        } else if (piece instanceof StreamEvent.ForeignDelta foreign
                && foreign.whole().value().has("delta")) {
            ObjectNode event = event("content_block_delta");
            event.set("delta", foreign.whole().value().path("delta"));
            frame(event);
        }
    }

    private static ObjectNode thinking() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "thinking")
                .put("thinking", "")
                .put("signature", "");
    }

    private String signature(StreamEvent.ReasoningProof piece) {
        boolean ours = piece.proof().isFrom(Anthropic.ID);
        return ours ? piece.proof().value().asString("") : seal(piece);
    }

    private String seal(StreamEvent.ReasoningProof piece) {
        return Seal.close(piece.proof(), terms.providerFamily());
    }

    private void delta(String type, String member, String text) {
        ObjectNode event = event("content_block_delta");
        event.putObject("delta").put("type", type).put(member, text);
        frame(event);
    }

    @Override
    public void close() {
        frame(event("content_block_stop"));
        open = false;
        writeProofs();
    }

    @Override
    public void late(StreamEvent.OfPart piece) {
        if (!(piece instanceof StreamEvent.ToolCallDelta delta)
                || !delta.arguments().isBlank()) {
            terms.dropped("response.choices[].delta.tool_calls[]");
        }
    }

    private ObjectNode event(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type).put("index", index);
    }
}
