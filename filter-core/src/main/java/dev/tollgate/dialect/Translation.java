package dev.tollgate.dialect;

import dev.tollgate.Refusal;
import dev.tollgate.chat.Usage;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The translation of one attempt between the caller's dialect and its target's. Where the two are the same, bytes pass
 * through untouched apart from named values, and an observer reads what the record needs.
 */
public interface Translation {

    /** The request body for the target. */
    byte[] requestBody();

    /** Names of what the target was not told or the caller will not be told; may grow until the answer is written. */
    List<String> dropped();

    /**
     * Turns a whole answer into the caller's dialect.
     *
     * @throws BadAnswer when it is not an answer in the target's dialect (truncated, HTML, an error in a 200)
     */
    Whole answer(byte[] body) throws BadAnswer;

    /**
     * Begins to turn a streamed answer into the caller's dialect and framing; called at most once.
     *
     * @param answers how the answer is put on the wire
     */
    Streamed stream(Framing answers);

    /** Whether another target can go on with its streamed answer, should that break off. */
    default boolean isResumable() {
        return false;
    }

    /** Whether the target may stream its answer as an array of JSON, of the same media type as its whole answers. */
    default boolean mayStreamArrays() {
        return false;
    }

    /** Reads an error answer of the target. */
    ProviderError error(int status, byte[] body);

    /**
     * The body of an error answer that the caller gets as the provider sent it: the provider's own bytes where both speak
     * one dialect and the bytes are that dialect's error shape, otherwise null.
     */
    byte @Nullable [] errorAsIs(int status, byte[] body);

    /** A whole answer for the caller; {@code estimated} where it states counts that are the gateway's own estimates. */
    record Whole(byte[] body, AnswerFacts facts, boolean estimated) {
        /** An answer that states only what the provider did. */
        public Whole(byte[] body, AnswerFacts facts) {
            this(body, facts, false);
        }
    }

    /** One streamed answer on its way. Called by one thread at a time. */
    interface Streamed {
        /**
         * Takes the next frame of the target's stream.
         *
         * @param frame the frame
         * @param raw the bytes it came in, what ends it included; the receiver may keep them
         * @return what to write to the caller for it, and what it was
         * @throws BadAnswer when the frame is not the target's dialect
         */
        Step accept(Frame frame, ByteBuffer raw) throws BadAnswer;

        /**
         * Notes that the target's stream is over. Some providers leave out the mark of a whole answer; where nothing else is
         * missing the answer is whole without it.
         *
         * @return what the caller must still get to know that the answer is whole
         */
        default List<ByteBuffer> end() {
            return List.of();
        }

        /**
         * Whether the caller gets the provider's own bytes, its errors among them. Otherwise the caller is told of an error
         * by {@link #failure}.
         */
        default boolean isVerbatim() {
            return false;
        }

        /** What the caller gets of bytes after the last frame, once the answer is whole. */
        default ByteBuffer rest(ByteBuffer remainder) {
            return FrameWriter.NOTHING.duplicate();
        }

        /** The frames that tell the caller that the stream failed, encoded. */
        ByteBuffer failure(Refusal refusal);

        /** What closes the caller's stream, after success and failure alike; maybe nothing. */
        ByteBuffer close();

        /** A sign of life, encoded; nothing where the framing has none. */
        ByteBuffer heartbeat();

        /** What is known so far; where the provider reported no usage, {@code facts().usage()} is null. */
        AnswerFacts facts();

        /** Whether the provider's mark of a whole answer has come. A stream that ends without it was cut. */
        boolean complete();

        /** The provider's own error in the stream, as a refusal for the caller; null while there is none. */
        @Nullable
        Refusal failed();

        /** Characters of answer seen so far, for an estimate where usage is not reported. */
        long characters();

        /** The text that the caller has been told, where another target could go on from there; null where none could. */
        default @Nullable String soFar() {
            return null;
        }

        /**
         * Makes this stream go on with one that broke off, so that the caller is told one answer.
         *
         * @param before what broke off; it had a {@link #soFar}
         * @param used what the targets before have used
         */
        default void goOnAfter(Streamed before, Usage used) {
            throw new IllegalStateException("this stream goes on with no other");
        }

        /** A line for whoever reads the wire, encoded; nothing where the framing has no comments. */
        default ByteBuffer comment(String line) {
            return FrameWriter.NOTHING.duplicate();
        }

        /**
         * Whether the target is at something that it does not show as it goes (thoughts, a tool of its own), so that
         * whatever event it sends is a sign that it goes on.
         */
        default boolean isWorking() {
            return false;
        }
    }

    /** What one frame of the target became: bytes for the caller (maybe none), and what it was. */
    record Step(List<ByteBuffer> out, StreamObserver.Sight sight) {
        public Step {
            out = List.copyOf(out);
        }
    }
}
