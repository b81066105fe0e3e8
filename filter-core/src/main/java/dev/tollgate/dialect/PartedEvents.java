package dev.tollgate.dialect;

import dev.tollgate.Refusal;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one stream of events in a dialect that tells of one answer, its parts one after the other and their usage last. The
 * end is held until the provider's own mark that its answer is whole, since usage may come after the reason. After a failure
 * it writes nothing more.
 */
public final class PartedEvents implements Dialect.EventWriter {
    private static final FinishReason UNSAID = new FinishReason(FinishReason.Kind.OTHER, "", "");

    /** How a dialect says it. */
    public interface Form {
        /** The answer begins. */
        void start(StreamEvent.Start start);

        /** What writes its parts; asked for once, when the first is to be written. */
        PartSequence.Parts parts();

        /** Whether a piece has a place in the parts; where it has none, it is said elsewhere or noted as dropped. */
        boolean canSay(StreamEvent.OfPart piece);

        /** How likely the words were. */
        default void chances(StreamEvent.Chances chances, WriteTerms terms) {
            terms.dropped("response.choices[].logprobs");
        }

        /** All parts have ended, for this reason. */
        void finish(StreamEvent.Finish finish);

        /** The answer is whole. */
        void end(FinishReason reason, Usage usage);

        /** The frames since they were last taken. */
        List<Frame> taken();

        /** The frames that tell of a failure, where they depend on what was written before. */
        default @Nullable List<Frame> failure(Refusal refusal, String callId) {
            return null;
        }
    }

    private final WriteTerms terms;
    private final Form form;
    private @Nullable PartSequence sequence;
    private FinishReason reason = UNSAID;
    private Usage usage = Usage.NONE;
    private boolean over;

    public PartedEvents(WriteTerms terms, Form form) {
        this.terms = terms;
        this.form = form;
    }

    @Override
    public List<Frame> write(StreamEvent event) throws BadAnswer {
        if (over) {
            return List.of();
        }
        if (event instanceof StreamEvent.OfPart piece) {
            piece(piece);
        } else if (event instanceof StreamEvent.Start start) {
            usage = start.usage() == null ? Usage.NONE : start.usage();
            form.start(start);
        } else if (event instanceof StreamEvent.Finish finish) {
            finish(finish);
        } else if (event instanceof StreamEvent.UsageReport report) {
            usage = report.usage();
        } else if (event instanceof StreamEvent.Chances chances) {
            form.chances(chances, terms);
        } else if (event instanceof StreamEvent.Done) {
            over = true;
            sequence().endAll();
            form.end(reason, usage);
        } else if (event instanceof StreamEvent.Failed) {
            over = true;
        } else {
            throw new AssertionError(event);
        }
        return form.taken();
    }

    private PartSequence sequence() {
        if (sequence == null) {
            sequence = new PartSequence(form.parts());
        }
        return sequence;
    }

    private void piece(StreamEvent.OfPart piece) throws BadAnswer {
        if (piece.choice() > 0) {
            terms.dropped("response.choices[]");
        } else if (piece instanceof StreamEvent.PartEnd) {
            sequence().end(piece.part());
        } else if (form.canSay(piece) && !sequence().accept(piece)) {
            over = true;
            throw new BadAnswer("the provider mixed its tool calls beyond what can be sorted");
        }
    }

    private void finish(StreamEvent.Finish finish) {
        if (finish.choice() == 0) {
            sequence().endAll();
            reason = finish.reason();
            form.finish(finish);
        }
    }

    @Override
    public @Nullable List<Frame> failure(Refusal refusal, String callId) {
        over = true;
        return form.failure(refusal, callId);
    }
}
