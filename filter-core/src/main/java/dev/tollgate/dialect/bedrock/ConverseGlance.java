package dev.tollgate.dialect.bedrock;

import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.SkimmingObserver;
import dev.tollgate.dialect.StreamObserver.Sight;

/** Tells the frames of a stream apart by their events. */
final class ConverseGlance implements SkimmingObserver.Glance {
    /** The members whose strings are the answer. */
    private static final String[] CONTENT = {"text", "input"};

    @Override
    public Sight see(Frame frame, SkimmingObserver observer) {
        String type = frame.event() == null ? "" : frame.event();
        return switch (type) {
            case "contentBlockDelta" -> {
                boolean says = observer.skim(frame.data(), CONTENT);
                yield says || frame.data().contains("redactedContent") ? Sight.CONTENT : Sight.PREAMBLE;
            }
            case "contentBlockStart" -> Sight.CONTENT;
            default -> observer.read(frame);
        };
    }
}
