package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.PartedEvents;
import dev.tollgate.dialect.WriteTerms;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A stream of events: messageStart, each block's start, deltas and stop, then messageStop and the metadata with the usage. */
final class ConverseEvents implements PartedEvents.Form {
    private final WriteTerms terms;
    private final InstantSource clock;
    private final Instant begun;
    private final BlockFrames blocks;
    private final ObjectNode stop = ContentWriter.object();
    private final ObjectNode metadata = ContentWriter.object();
    private boolean own;

    ConverseEvents(WriteTerms terms, InstantSource clock) {
        this.terms = terms;
        this.clock = clock;
        this.begun = clock.instant();
        this.blocks = new BlockFrames(terms);
    }

    @Override
    public void start(StreamEvent.Start start) {
        own = start.extras().isFrom(Bedrock.ID);
        ObjectNode event = ContentWriter.object().put("role", "assistant");
        terms.carry(start.extras(), Bedrock.ID, event);
        blocks.frame("messageStart", event);
    }

    @Override
    public PartSequence.Parts parts() {
        return blocks;
    }

    @Override
    public boolean canSay(StreamEvent.OfPart piece) {
        if (!isMetadata(piece)) {
            return blocks.canSay(piece);
        }
        StreamEvent.ForeignDelta told = (StreamEvent.ForeignDelta) piece;
        metadata.set(told.type(), told.whole().value());
        return false;
    }

    /** Whether something is said of the answer as a whole. */
    private static boolean isMetadata(StreamEvent.OfPart piece) {
        return piece instanceof StreamEvent.ForeignDelta told
                && told.whole().isFrom(Bedrock.ID)
                && told.whole().at().equals("response." + told.type());
    }

    @Override
    public void finish(StreamEvent.Finish finish) {
        terms.carry(finish.extras(), Bedrock.ID, stop);
    }

    @Override
    public void end(FinishReason reason, Usage usage) {
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

    @Override
    public List<Frame> taken() {
        return blocks.taken();
    }
}
