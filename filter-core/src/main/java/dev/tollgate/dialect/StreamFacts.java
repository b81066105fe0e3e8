package dev.tollgate.dialect;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the events of one stream add up to, as far as the record of the call is concerned. */
final class StreamFacts {
    private String model = "";
    private @Nullable Usage usage;
    private boolean summedUp;
    private @Nullable FinishReason finish;
    private long characters;
    private final Set<Integer> unfinished = new HashSet<>();
    private boolean complete;
    private StreamEvent.@Nullable Failed failed;

    /** Notes one event and says what it was. */
    StreamObserver.Sight note(StreamEvent event) {
        if (event instanceof StreamEvent.Start start) {
            model = start.model();
            usage = start.usage();
            return StreamObserver.Sight.PREAMBLE;
        }
        if (event instanceof StreamEvent.UsageReport report) {
            usage = report.usage();
            summedUp = true;
            return StreamObserver.Sight.USAGE_ONLY;
        }
        if (event instanceof StreamEvent.Finish end) {
            finish = finish == null || end.choice() == 0 ? end.reason() : finish;
            unfinished.remove(end.choice());
            return StreamObserver.Sight.CONTENT;
        }
        if (event instanceof StreamEvent.Done) {
            complete = true;
            return StreamObserver.Sight.END;
        }
        if (event instanceof StreamEvent.Failed failure) {
            failed = failure;
            return StreamObserver.Sight.ERROR;
        }
        return event instanceof StreamEvent.OfPart part ? content(part) : StreamObserver.Sight.PREAMBLE;
    }

    private StreamObserver.Sight content(StreamEvent.OfPart event) {
        if (!(event instanceof StreamEvent.PartEnd)) {
            unfinished.add(event.choice());
        }
        String text = text(event);
        characters += text.length();
        boolean says = !text.isEmpty()
                || event instanceof StreamEvent.ToolCallStart
                || event instanceof StreamEvent.ReasoningProof;
        return says ? StreamObserver.Sight.CONTENT : StreamObserver.Sight.PREAMBLE;
    }

    private static String text(StreamEvent event) {
        if (event instanceof StreamEvent.TextDelta delta) {
            return delta.text();
        }
        if (event instanceof StreamEvent.ReasoningDelta delta) {
            return delta.text();
        }
        if (event instanceof StreamEvent.ToolCallDelta delta) {
            return delta.arguments();
        }
        if (event instanceof StreamEvent.DeclinedDelta delta) {
            return delta.text();
        }
        return event instanceof StreamEvent.ToolCallStart start ? start.name() : "";
    }

    /** What is known; of an answer that is whole not what its usage was at its beginning, since that is not all of it. */
    AnswerFacts facts() {
        return new AnswerFacts(model, complete && !summedUp ? null : usage, finish);
    }

    long characters() {
        return characters;
    }

    /** Whether every alternative that has begun has its finish reason, so that only the mark of the end is missing. */
    boolean lacksOnlyItsEnd() {
        return !complete && failed == null && finish != null && unfinished.isEmpty();
    }

    /** Whether an alternative has its finish reason. */
    boolean finished() {
        return finish != null;
    }

    boolean complete() {
        return complete;
    }

    StreamEvent.@Nullable Failed failed() {
        return failed;
    }
}
