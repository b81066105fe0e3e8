package dev.tollgate.limit;

import java.util.OptionalLong;

/**
 * What a call uses, or may use.
 *
 * @param requests mostly 1; 0 where only more is reserved for a call under way, or where nothing was sent
 * @param nanoUsd its cost in nano-USD; empty where the model has no known price
 */
public record Amount(long requests, long inputTokens, long outputTokens, OptionalLong nanoUsd) {
    /** One request of which nothing else is known. */
    public static final Amount ONE_REQUEST = new Amount(1, 0, 0, OptionalLong.empty());
}
