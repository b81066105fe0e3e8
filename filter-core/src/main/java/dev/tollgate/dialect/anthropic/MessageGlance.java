package dev.tollgate.dialect.anthropic;

import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.JsonSkim;
import dev.tollgate.dialect.SkimmingObserver;
import dev.tollgate.dialect.StreamObserver.Sight;

/** Tells the frames of a stream apart by their types. */
final class MessageGlance implements SkimmingObserver.Glance {
    /** The members whose strings are the answer. */
    private static final String[] CONTENT = {"text", "thinking", "partial_json"};

    private final UnseenWork work = new UnseenWork();

    @Override
    public Sight see(Frame frame, SkimmingObserver observer) {
        String type = JsonSkim.type(frame);
        work.see(type, frame.data());
        return switch (type) {
            case "content_block_delta", "content_block_start" -> {
                boolean says = observer.skim(frame.data(), CONTENT);
                yield says || begins(frame.data()) ? Sight.CONTENT : Sight.PREAMBLE;
            }
            case "message_start", "message_delta", "message_stop", "error" -> observer.read(frame);
            default -> Sight.PREAMBLE;
        };
    }

    @Override
    public boolean isWorking() {
        return work.isUnderWay();
    }

    /** Whether a block begins that is content without a string of it. */
    private static boolean begins(String data) {
        return data.contains("tool_use") || data.contains("redacted_thinking") || data.contains("_result");
    }
}
