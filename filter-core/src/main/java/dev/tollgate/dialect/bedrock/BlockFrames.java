package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The frames of a stream's content blocks. Only tool calls and images have a start of their own. */
final class BlockFrames implements PartSequence.Parts {
    private final WriteTerms terms;
    private final List<Frame> frames = new ArrayList<>(2);
    private int index = -1;
    private boolean callTools;
    private boolean decline;

    BlockFrames(WriteTerms terms) {
        this.terms = terms;
    }

    void frame(String event, ObjectNode data) {
        frames.add(new Frame(event, Json.text(data)));
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
        if (piece instanceof StreamEvent.ToolCallProof proof) {
            terms.dropped(proof.proof());
            return false;
        }
        if (piece instanceof StreamEvent.ForeignDelta foreign) {
            Opaque whole = foreign.whole();
            boolean ours = whole.isFrom(Bedrock.ID)
                    && (whole.value().has("start") || whole.value().has("delta"));
            if (!ours) {
                terms.dropped(whole);
            }
            return ours;
        }
        if (piece instanceof StreamEvent.MediaPart image && format(image.media()) == null) {
            terms.dropped(image.media().extras().at());
            return false;
        }
        return true;
    }

    private static @Nullable String format(Part.Media media) {
        return media.kind() == Part.MediaKind.IMAGE && media.source() instanceof Part.Source.Inline inline
                ? Formats.format(media.kind(), inline.mediaType())
                : null;
    }

    @Override
    public void open(StreamEvent.OfPart piece) {
        index++;
        ObjectNode start = ContentWriter.object();
        if (piece instanceof StreamEvent.ToolCallStart call) {
            callTools = true;
            start.putObject("toolUse")
                    .put("toolUseId", ContentWriter.fittingId(call.id()))
                    .put("name", call.name());
        } else if (piece instanceof StreamEvent.MediaPart image) {
            start.putObject("image").put("format", format(image.media()));
        } else if (piece instanceof StreamEvent.ForeignDelta foreign
                && foreign.whole().value().path("start") instanceof ObjectNode given) {
            start = given;
        }
        if (!start.isEmpty()) {
            event("contentBlockStart", "start", start);
        }
    }

    @Override
    public void write(StreamEvent.OfPart piece) {
        ObjectNode delta = ContentWriter.object();
        if (piece instanceof StreamEvent.TextDelta text) {
            delta.put("text", text.text());
        } else if (piece instanceof StreamEvent.DeclinedDelta text) {
            decline = true;
            delta.put("text", text.text());
        } else if (piece instanceof StreamEvent.ReasoningDelta text) {
            delta.putObject("reasoningContent").put("text", text.text());
        } else if (piece instanceof StreamEvent.ReasoningProof proof) {
            delta.set("reasoningContent", proof(proof.proof()));
        } else if (piece instanceof StreamEvent.ToolCallDelta call) {
            delta.putObject("toolUse").put("input", call.arguments());
        } else if (piece instanceof StreamEvent.Cited cited) {
            delta.set("citation", CitationFields.write(cited.citation(), terms));
        } else if (piece instanceof StreamEvent.MediaPart image
                && image.media().source() instanceof Part.Source.Inline inline) {
            delta.putObject("image").putObject("source").put("bytes", inline.base64());
        } else if (piece instanceof StreamEvent.ForeignDelta foreign
                && foreign.whole().value().path("delta") instanceof ObjectNode given) {
            delta = given;
        }
        if (!delta.isEmpty()) {
            event("contentBlockDelta", "delta", delta);
        }
    }

    /** Bedrock's own redacted thought as it came, its signature, or another dialect's proof sealed as one. */
    private JsonNode proof(Opaque proof) {
        boolean redacted = proof.isFrom(Bedrock.ID) && proof.value().isObject();
        return redacted
                ? proof.value()
                : ContentWriter.object().put("signature", ContentWriter.signature(proof, terms));
    }

    private void event(String event, String member, ObjectNode value) {
        ObjectNode data = ContentWriter.object();
        data.set(member, value);
        frame(event, data.put("contentBlockIndex", index));
    }

    @Override
    public void close() {
        frame("contentBlockStop", ContentWriter.object().put("contentBlockIndex", index));
    }

    @Override
    public void late(StreamEvent.OfPart piece) {
        if (!(piece instanceof StreamEvent.ToolCallDelta delta)
                || !delta.arguments().isBlank()) {
            terms.dropped("response.choices[].delta.tool_calls[]");
        }
    }
}
