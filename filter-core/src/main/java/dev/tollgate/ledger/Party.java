package dev.tollgate.ledger;

import org.jspecify.annotations.Nullable;

/**
 * Whom a row is charged to.
 *
 * @param key the name of the key, never its text; null when access is open
 * @param team the team, or null
 * @param user the user, or null
 * @param model the configured model (a name or pattern), or null when the call never got as far
 */
public record Party(
        @Nullable String key,
        @Nullable String team,
        @Nullable String user,
        @Nullable String model) {

    /** Nobody that is known. */
    public static final Party NONE = new Party(null, null, null, null);
}
