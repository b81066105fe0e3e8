package dev.tollgate.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a caller says about a call besides what is to be answered; all of it may be absent.
 *
 * @param user the caller's own name for its end user
 * @param serviceTier the processing tier asked for, in the dialect's own word
 * @param cacheKey what calls that share a prompt cache have in common
 * @param verbosity how long the answer should be, in words ("low", "medium", "high")
 * @param metadata the caller's own labels, an object of strings
 */
public record Hints(
        @Nullable String user,
        @Nullable String serviceTier,
        @Nullable String cacheKey,
        @Nullable String verbosity,
        @Nullable JsonNode metadata) {
    /** Nothing said. */
    public static final Hints NONE = new Hints(null, null, null, null, null);
}
