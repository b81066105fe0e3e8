package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one stream of events: message-start, each part from its start to its end, then message-end with the reason and the
 * usage. The last is held until the provider's own mark that its answer is whole. After a failure it writes nothing more.
 */
final class ChatEventWriter implements Dialect.EventWriter {
    private static final FinishReason UNSAID = new FinishReason(FinishReason.Kind.OTHER, "", "");

    private final WriteTerms terms;
    private final PartFrames parts;
    private final PartSequence sequence;
    private final ObjectNode end = PartFrames.object();
    private FinishReason reason = UNSAID;
    private Usage usage = Usage.NONE;
    private boolean own;
    private boolean over;

    ChatEventWriter(WriteTerms terms) {
        this.terms = terms;
        this.parts = new PartFrames(terms);
        this.sequence = new PartSequence(parts);
    }

    @Override
    public List<Frame> write(StreamEvent event) throws BadAnswer {
        if (over) {
            return List.of();
        }
        if (event instanceof StreamEvent.OfPart piece) {
            piece(piece);
        } else if (event instanceof StreamEvent.Start start) {
            start(start);
        } else if (event instanceof StreamEvent.Finish finish) {
            finish(finish);
        } else if (event instanceof StreamEvent.UsageReport report) {
            usage = report.usage();
        } else if (event instanceof StreamEvent.Chances) {
            terms.dropped("response.choices[].logprobs");
        } else if (event instanceof StreamEvent.Done) {
            done();
        } else if (event instanceof StreamEvent.Failed) {
            over = true;
        } else {
            throw new AssertionError(event);
        }
        return parts.taken();
    }

    private void start(StreamEvent.Start start) {
        own = start.extras().isFrom(Cohere.ID);
        usage = start.usage() == null ? Usage.NONE : start.usage();
        ObjectNode event = PartFrames.object().put("id", start.id()).put("type", "message-start");
        ObjectNode message = event.putObject("delta").putObject("message").put("role", "assistant");
        message.putArray("content");
        message.put("tool_plan", "");
        message.putArray("tool_calls");
        message.putArray("citations");
        terms.carry(start.extras(), Cohere.ID, message);
        parts.frame(event);
    }

    private void piece(StreamEvent.OfPart piece) throws BadAnswer {
        if (piece.choice() > 0) {
            terms.dropped("response.choices[]");
        } else if (piece instanceof StreamEvent.PartEnd) {
            sequence.end(piece.part());
        } else if (parts.canSay(piece) && !sequence.accept(piece)) {
            over = true;
            throw new BadAnswer("the provider mixed its tool calls beyond what can be sorted");
        }
    }

    private void finish(StreamEvent.Finish finish) {
        if (finish.choice() > 0) {
            return;
        }
        sequence.endAll();
        reason = finish.reason();
        terms.carry(finish.extras(), Cohere.ID, end);
    }

    private void done() {
        over = true;
        sequence.endAll();
        end.put("finish_reason", FinishWords.write(reason, own, parts.callTools(), parts.decline()));
        end.set("usage", UsageFields.write(usage, terms));
        ObjectNode event = PartFrames.object().put("type", "message-end");
        event.set("delta", end);
        parts.frame(event);
        parts.last(new Frame(null, ChatEventReader.END));
    }
}
