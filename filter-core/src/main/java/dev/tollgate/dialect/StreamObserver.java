package dev.tollgate.dialect;

import dev.tollgate.chat.StreamEvent;
import org.jspecify.annotations.Nullable;

/** Watches a stream that is passed through untouched. It never throws: what it cannot read it takes for no news. */
public interface StreamObserver {

    /** Looks at the next frame. */
    Sight see(Frame frame);

    /** What is known so far. */
    AnswerFacts facts();

    /** The provider's own error, once a frame has carried one. */
    StreamEvent.@Nullable Failed failure();

    /** Whether the provider's own mark of a whole answer has been seen; a stream that ends without it was cut. */
    boolean complete();

    /** Characters of answer seen so far, for estimates where the provider reports no usage. */
    long characters();

    /** Whether the provider is at something that it does not show as it goes: thoughts, or a tool of its own. */
    default boolean isWorking() {
        return false;
    }

    /** What a frame was to the observer, from the least to the most: a frame that was several things is the last of them. */
    enum Sight {
        /** Nothing of the answer itself: a start, a ping, an empty delta. */
        PREAMBLE,
        /** Usage and nothing else (the extra chunk that {@code stream_options.include_usage} asks for). */
        USAGE_ONLY,
        /** A part of the answer. */
        CONTENT,
        /** The provider's error. */
        ERROR,
        /** The mark that the answer is whole. */
        END
    }
}
