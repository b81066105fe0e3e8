package dev.tollgate;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A request body that is read piece by piece, as fast as its reader asks: what has not been asked for stays in the caller's
 * connection. It has one reader, which never asks twice at a time.
 */
public interface BodySource {

    /** How many bytes the caller says there are, or -1 where it does not say. */
    long declared();

    /**
     * Asks for the next piece.
     *
     * @return the bytes, which are the reader's from then on, or empty at the end; or fails with a {@link Refusal}, as {@link
     *     Exchange#readBody} does. The time until the next piece is asked for is not the caller's
     */
    CompletionStage<Optional<ByteBuffer>> read();

    /**
     * Wants nothing more: the rest is read and thrown away, within a bound of the adapter's own, so that the caller gets to
     * read the answer. What a {@link #read} under way would have brought may be thrown away too.
     *
     * @return completes, never exceptionally, when nothing more is read; to be waited for before the exchange is ended
     */
    CompletionStage<Void> discard();
}
