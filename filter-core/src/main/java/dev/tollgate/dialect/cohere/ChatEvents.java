package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.PartedEvents;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A stream of events: message-start, each part from its start to its end, then message-end with the reason and the usage. */
final class ChatEvents implements PartedEvents.Form {
    private final WriteTerms terms;
    private final PartFrames parts;
    private final ObjectNode end = PartFrames.object();
    private boolean own;

    ChatEvents(WriteTerms terms) {
        this.terms = terms;
        this.parts = new PartFrames(terms);
    }

    @Override
    public void start(StreamEvent.Start start) {
        own = start.extras().isFrom(Cohere.ID);
        ObjectNode event = PartFrames.object().put("id", start.id()).put("type", "message-start");
        ObjectNode message = event.putObject("delta").putObject("message").put("role", "assistant");
        message.putArray("content");
        message.put("tool_plan", "");
        message.putArray("tool_calls");
        message.putArray("citations");
        terms.carry(start.extras(), Cohere.ID, message);
        parts.frame(event);
    }

    @Override
    public PartSequence.Parts parts() {
        return parts;
    }

    @Override
    public boolean canSay(StreamEvent.OfPart piece) {
        return parts.canSay(piece);
    }

    @Override
    public void finish(StreamEvent.Finish finish) {
        terms.carry(finish.extras(), Cohere.ID, end);
    }

    @Override
    public void end(FinishReason reason, Usage usage) {
        end.put("finish_reason", FinishWords.write(reason, own, parts.callTools(), parts.decline()));
        end.set("usage", UsageFields.write(usage, terms));
        ObjectNode event = PartFrames.object().put("type", "message-end");
        event.set("delta", end);
        parts.frame(event);
        parts.last(new Frame(null, ChatEventReader.END));
    }

    @Override
    public List<Frame> taken() {
        return parts.taken();
    }
}
