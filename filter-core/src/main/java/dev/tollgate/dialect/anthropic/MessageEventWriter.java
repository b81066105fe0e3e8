package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one stream of events: message_start, then each block from its start over its deltas to its stop, then message_delta
 * with the stop reason and the usage, and message_stop. The last two are held until the provider's own mark that its answer
 * is whole, since usage may come after the reason. After a failure it writes nothing more.
 */
final class MessageEventWriter implements Dialect.EventWriter {
    private static final FinishReason UNSAID = new FinishReason(FinishReason.Kind.OTHER, "", "");

    private final WriteTerms terms;
    private final BlockFrames blocks;
    private final PartSequence sequence;
    private final ObjectNode end = JsonNodeFactory.instance.objectNode().put("type", "message_delta");
    private FinishReason reason = UNSAID;
    private Usage usage = Usage.NONE;
    private boolean own;
    private boolean over;

    MessageEventWriter(WriteTerms terms) {
        this.terms = terms;
        this.blocks = new BlockFrames(terms);
        this.sequence = new PartSequence(blocks);
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
        } else if (event instanceof StreamEvent.Done) {
            done();
        } else if (event instanceof StreamEvent.Chances) {
            terms.dropped("response.choices[].logprobs");
        } else if (event instanceof StreamEvent.Failed) {
            over = true;
        } else {
            throw new AssertionError(event);
        }
        return blocks.taken();
    }

    private void start(StreamEvent.Start start) {
        own = start.extras().isFrom(Anthropic.ID);
        usage = start.usage() == null ? Usage.NONE : start.usage();
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", "message_start");
        ObjectNode message = event.putObject("message").put("id", start.id());
        message.put("type", "message").put("role", "assistant").put("model", start.model());
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        message.set("usage", UsageFields.write(usage, terms));
        terms.carry(start.extras(), Anthropic.ID, message);
        blocks.frame(event);
    }

    private void piece(StreamEvent.OfPart piece) throws BadAnswer {
        if (piece.choice() > 0) {
            terms.dropped("response.choices[]");
        } else if (piece instanceof StreamEvent.ToolCallProof proof) {
            blocks.prove(proof);
        } else if (piece instanceof StreamEvent.PartEnd) {
            sequence.end(piece.part());
        } else if (blocks.canSay(piece) && !sequence.accept(piece)) {
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
        terms.carry(finish.extras(), Anthropic.ID, end.withObject("/delta"));
    }

    private void done() {
        over = true;
        sequence.endAll();
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
}
