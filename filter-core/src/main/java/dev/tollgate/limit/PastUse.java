package dev.tollgate.limit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a call or an attempt has used, as this node's ledger remembers it. Where calls came from is not remembered.
 *
 * @param at when it was used
 * @param key the name of the caller's key, or null for callers without one
 * @param model the model by its configured name
 * @param provider the provider that an attempt asked, or null for the call as a whole: as in {@link Demand}
 */
public record PastUse(
        Instant at,
        @Nullable String key,
        @Nullable String team,
        @Nullable String user,
        String model,
        @Nullable String provider,
        Amount amount) {}
