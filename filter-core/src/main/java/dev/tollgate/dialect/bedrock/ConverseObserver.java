package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.JsonSkim;
import dev.tollgate.dialect.StreamObserver;
import org.jspecify.annotations.Nullable;

/** Watches a stream of events. Deltas, which are nearly all of it, are skimmed and not parsed. */
final class ConverseObserver implements StreamObserver {
    /** The members whose strings are the answer. */
    private static final String[] CONTENT = {"text", "input"};

    private final ConverseEventReader reader = new ConverseEventReader();
    private @Nullable Usage usage;
    private @Nullable FinishReason finish;
    private StreamEvent.@Nullable Failed failure;
    private long characters;

    @Override
    public Sight see(Frame frame) {
        String type = frame.event() == null ? "" : frame.event();
        return switch (type) {
            case "contentBlockDelta" -> skim(frame.data());
            case "contentBlockStart" -> Sight.CONTENT;
            default -> read(frame);
        };
    }

    private Sight skim(String data) {
        long before = characters;
        for (String member : CONTENT) {
            characters += JsonSkim.characters(data, member);
        }
        return characters > before || data.contains("redactedContent") ? Sight.CONTENT : Sight.PREAMBLE;
    }

    private Sight read(Frame frame) {
        Sight sight = Sight.PREAMBLE;
        try {
            for (StreamEvent event : reader.read(frame)) {
                Sight one = note(event);
                sight = one.compareTo(sight) > 0 ? one : sight;
            }
        } catch (BadAnswer | RuntimeException e) {
            // What cannot be read is no news; the caller gets the bytes all the same.
            return Sight.PREAMBLE;
        }
        return sight;
    }

    private Sight note(StreamEvent event) {
        if (event instanceof StreamEvent.UsageReport report) {
            usage = report.usage();
        } else if (event instanceof StreamEvent.Finish end) {
            finish = end.reason();
            return Sight.CONTENT;
        } else if (event instanceof StreamEvent.Failed failed) {
            failure = failed;
            return Sight.ERROR;
        } else if (event instanceof StreamEvent.Done) {
            return Sight.END;
        }
        return Sight.PREAMBLE;
    }

    @Override
    public AnswerFacts facts() {
        return new AnswerFacts("", usage, finish);
    }

    @Override
    public StreamEvent.@Nullable Failed failure() {
        return failure;
    }

    /** The answer is whole with its stop reason; the metadata after it is not part of it. */
    @Override
    public boolean complete() {
        return finish != null && failure == null;
    }

    @Override
    public long characters() {
        return characters;
    }
}
