package dev.tollgate.dialect;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import org.jspecify.annotations.Nullable;

/** What the events of one stream add up to, as far as the record of the call is concerned. */
final class StreamFacts {
    private String model = "";
    private @Nullable Usage usage;
    private @Nullable FinishReason finish;
    private long characters;
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
            return StreamObserver.Sight.USAGE_ONLY;
        }
        if (event instanceof StreamEvent.Finish end) {
            if (finish == null || end.choice() == 0) {
                finish = end.reason();
            }
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
        return content(event);
    }

    private StreamObserver.Sight content(StreamEvent event) {
        String text = text(event);
        characters += text.length();
        boolean says = !text.isEmpty()
                || event instanceof StreamEvent.ToolCallStart
                || event instanceof StreamEvent.ReasoningProof
                || event instanceof StreamEvent.ForeignDelta;
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

    AnswerFacts facts() {
        return new AnswerFacts(model, usage, finish);
    }

    long characters() {
        return characters;
    }

    boolean complete() {
        return complete;
    }

    StreamEvent.@Nullable Failed failed() {
        return failed;
    }
}
