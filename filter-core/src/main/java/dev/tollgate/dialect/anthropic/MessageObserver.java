package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.JsonSkim;
import dev.tollgate.dialect.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * Watches a stream of events. Deltas, which are nearly all of it, are skimmed and not parsed; the start, the end and an error
 * are read like everywhere else.
 */
final class MessageObserver implements StreamObserver {
    /** The members whose strings are the answer. */
    private static final String[] CONTENT = {"text", "thinking", "partial_json"};

    private final MessageEventReader reader = new MessageEventReader();
    private String model = "";
    private @Nullable Usage usage;
    private @Nullable FinishReason finish;
    private StreamEvent.@Nullable Failed failure;
    private boolean complete;
    private long characters;

    @Override
    public Sight see(Frame frame) {
        return switch (type(frame)) {
            case "content_block_delta", "content_block_start" -> skim(frame.data());
            case "message_start", "message_delta", "message_stop", "error" -> read(frame);
            default -> Sight.PREAMBLE;
        };
    }

    /** The type of an event, which stands in its name and in its data; some providers send only the latter. */
    private static String type(Frame frame) {
        if (frame.event() != null) {
            return frame.event();
        }
        return JsonSkim.first(frame.data(), "type");
    }

    private Sight skim(String data) {
        long before = characters;
        for (String member : CONTENT) {
            characters += JsonSkim.characters(data, member);
        }
        boolean begins = data.contains("tool_use") || data.contains("redacted_thinking") || data.contains("_result");
        return characters > before || begins ? Sight.CONTENT : Sight.PREAMBLE;
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
        if (event instanceof StreamEvent.Start start) {
            model = start.model();
            usage = start.usage();
        } else if (event instanceof StreamEvent.UsageReport report) {
            usage = report.usage();
        } else if (event instanceof StreamEvent.Finish end) {
            finish = end.reason();
            return Sight.CONTENT;
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
        return new AnswerFacts(model, usage, finish);
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
