package dev.tollgate.dialect.cohere;

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
final class ChatObserver implements StreamObserver {
    /** The members whose strings are the answer. */
    private static final String[] CONTENT = {"text", "thinking", "tool_plan", "arguments"};

    private final ChatEventReader reader = new ChatEventReader();
    private @Nullable Usage usage;
    private @Nullable FinishReason finish;
    private StreamEvent.@Nullable Failed failure;
    private boolean complete;
    private long characters;

    @Override
    public Sight see(Frame frame) {
        if (frame.data().trim().equals(ChatEventReader.END)) {
            return complete ? Sight.END : Sight.PREAMBLE;
        }
        return switch (type(frame)) {
            case "content-start", "content-delta", "tool-plan-delta", "tool-call-delta" -> skim(frame.data());
            case "tool-call-start" -> {
                skim(frame.data());
                yield Sight.CONTENT;
            }
            case "message-start", "content-end", "tool-call-end", "citation-start", "citation-end" -> Sight.PREAMBLE;
            default -> read(frame);
        };
    }

    private static String type(Frame frame) {
        return frame.event() == null ? JsonSkim.first(frame.data(), "type") : frame.event();
    }

    private Sight skim(String data) {
        long before = characters;
        for (String member : CONTENT) {
            characters += JsonSkim.characters(data, member);
        }
        return characters > before ? Sight.CONTENT : Sight.PREAMBLE;
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
        } else if (event instanceof StreamEvent.Failed failed) {
            failure = failed;
            return Sight.ERROR;
        } else if (event instanceof StreamEvent.Done) {
            complete = true;
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

    @Override
    public boolean complete() {
        return complete && failure == null;
    }

    @Override
    public long characters() {
        return characters;
    }
}
