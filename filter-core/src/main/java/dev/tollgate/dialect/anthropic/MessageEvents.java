package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.PartedEvents;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stream of events: message_start, then each block from its start over its deltas to its stop, then message_delta with the
 * stop reason and the usage, and message_stop.
 */
final class MessageEvents implements PartedEvents.Form {
    private final WriteTerms terms;
    private final BlockFrames blocks;
    private final ObjectNode end = JsonNodeFactory.instance.objectNode().put("type", "message_delta");
    private boolean own;

    MessageEvents(WriteTerms terms) {
        this.terms = terms;
        this.blocks = new BlockFrames(terms);
    }

    @Override
    public void start(StreamEvent.Start start) {
        own = start.extras().isFrom(Anthropic.ID);
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", "message_start");
        ObjectNode message = event.putObject("message").put("id", start.id());
        message.put("type", "message").put("role", "assistant").put("model", start.model());
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        message.set("usage", UsageFields.write(start.usage() == null ? Usage.NONE : start.usage(), terms));
        terms.carry(start.extras(), Anthropic.ID, message);
        blocks.frame(event);
    }

    @Override
    public PartSequence.Parts parts() {
        return blocks;
    }

    @Override
    public boolean canSay(StreamEvent.OfPart piece) {
        if (piece instanceof StreamEvent.ToolCallProof proof) {
            blocks.prove(proof);
            return false;
        }
        return blocks.canSay(piece);
    }

    @Override
    public void finish(StreamEvent.Finish finish) {
        terms.carry(finish.extras(), Anthropic.ID, end.withObject("/delta"));
    }

    @Override
    public void end(FinishReason reason, Usage usage) {
        ObjectNode delta = end.withObject("/delta");
        delta.put("stop_reason", StopWords.write(reason, own, blocks.callTools(), blocks.decline()));
        delta.put("stop_sequence", ResponseWriter.sequence(reason));
        end.set("usage", UsageFields.write(usage, terms));
        blocks.frame(end);
        blocks.frame(JsonNodeFactory.instance.objectNode().put("type", "message_stop"));
    }

    /** An event as a frame, which bears its type as its name. */
    static Frame frame(ObjectNode event) {
        return new Frame(event.path("type").stringValue(), Json.text(event));
    }

    @Override
    public List<Frame> taken() {
        return blocks.taken();
    }
}
