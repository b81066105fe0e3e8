package dev.tollgate.dialect.cohere;

import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.JsonSkim;
import dev.tollgate.dialect.SkimmingObserver;
import dev.tollgate.dialect.StreamObserver.Sight;

/** Tells the frames of a stream apart by their types. */
final class ChatGlance implements SkimmingObserver.Glance {
    /** The members whose strings are the answer. */
    private static final String[] CONTENT = {"text", "thinking", "tool_plan", "arguments"};

    @Override
    public Sight see(Frame frame, SkimmingObserver observer) {
        if (frame.data().trim().equals(ChatEventReader.END)) {
            return observer.complete() ? Sight.END : Sight.PREAMBLE;
        }
        return switch (JsonSkim.type(frame)) {
            case "content-start", "content-delta", "tool-plan-delta", "tool-call-delta" ->
                observer.skim(frame.data(), CONTENT) ? Sight.CONTENT : Sight.PREAMBLE;
            case "tool-call-start" -> {
                observer.skim(frame.data(), CONTENT);
                yield Sight.CONTENT;
            }
            case "message-start", "content-end", "tool-call-end", "citation-start", "citation-end" -> Sight.PREAMBLE;
            default -> observer.read(frame);
        };
    }
}
