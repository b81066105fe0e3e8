package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.WriteTerms;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one stream of events: messageStart, each block's start, deltas and stop, then messageStop and the metadata with the
 * usage. The last two are held until the provider's own mark that its answer is whole. After a failure it writes nothing
 * more.
 */
final class ConverseEventWriter implements Dialect.EventWriter {
    private static final FinishReason UNSAID = new FinishReason(FinishReason.Kind.OTHER, "", "");

    private final WriteTerms terms;
    private final InstantSource clock;
    private final Instant begun;
    private final BlockFrames blocks;
    private final PartSequence sequence;
    private final ObjectNode stop = ContentWriter.object();
    private final ObjectNode metadata = ContentWriter.object();
    private FinishReason reason = UNSAID;
    private Usage usage = Usage.NONE;
    private boolean own;
    private boolean over;

    ConverseEventWriter(WriteTerms terms, InstantSource clock) {
        this.terms = terms;
        this.clock = clock;
        this.begun = clock.instant();
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
        } else if (event instanceof StreamEvent.Chances) {
            terms.dropped("response.choices[].logprobs");
        } else if (event instanceof StreamEvent.Done) {
            done();
        } else if (event instanceof StreamEvent.Failed) {
            over = true;
        } else {
            throw new AssertionError(event);
        }
        return blocks.taken();
    }

    private void start(StreamEvent.Start start) {
        own = start.extras().isFrom(Bedrock.ID);
        usage = start.usage() == null ? Usage.NONE : start.usage();
        ObjectNode event = ContentWriter.object().put("role", "assistant");
        terms.carry(start.extras(), Bedrock.ID, event);
        blocks.frame("messageStart", event);
    }

    private void piece(StreamEvent.OfPart piece) throws BadAnswer {
        if (piece.choice() > 0) {
            terms.dropped("response.choices[]");
        } else if (piece instanceof StreamEvent.PartEnd) {
            sequence.end(piece.part());
        } else if (isMetadata(piece)) {
            StreamEvent.ForeignDelta told = (StreamEvent.ForeignDelta) piece;
            metadata.set(told.type(), told.whole().value());
        } else if (blocks.canSay(piece) && !sequence.accept(piece)) {
            over = true;
            throw new BadAnswer("the provider mixed its tool calls beyond what can be sorted");
        }
    }

    /** Whether something is said of the answer as a whole. */
    private static boolean isMetadata(StreamEvent.OfPart piece) {
        return piece instanceof StreamEvent.ForeignDelta told
                && told.whole().isFrom(Bedrock.ID)
                && told.whole().at().equals("response." + told.type());
    }

    private void finish(StreamEvent.Finish finish) {
        if (finish.choice() > 0) {
            return;
        }
        sequence.endAll();
        reason = finish.reason();
        terms.carry(finish.extras(), Bedrock.ID, stop);
    }

    private void done() {
        over = true;
        sequence.endAll();
        stop.put("stopReason", StopWords.write(reason, own, blocks.callTools(), blocks.decline()));
        if (!own) {
            ResponseWriter.sequence(reason, stop);
        }
        blocks.frame("messageStop", stop);
        metadata.set("usage", UsageFields.write(usage, terms));
        long millis = Math.max(0, clock.millis() - begun.toEpochMilli());
        metadata.putObject("metrics").put("latencyMs", millis);
        blocks.frame("metadata", metadata);
    }
}
