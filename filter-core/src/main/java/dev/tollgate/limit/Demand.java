package dev.tollgate.limit;

import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings.Priority;
import org.jspecify.annotations.Nullable;

/**
 * What a call wants of the limits.
 *
 * @param caller who calls
 * @param model the model, by the caller's name for it
 * @param remoteAddress where it comes from
 * @param provider the provider asked by one attempt, or null for the call as a whole
 * @param amount what it may use at most
 */
public record Demand(
        Caller caller,
        String model,
        String remoteAddress,
        @Nullable String provider,
        Amount amount,
        Priority priority) {}
