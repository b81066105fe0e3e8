package dev.tollgate.dialect;

import org.jspecify.annotations.Nullable;

/**
 * A provider's error, read from its answer.
 *
 * @param status the HTTP status
 * @param type the provider's error type, or null
 * @param code the provider's error code, or null
 * @param param the request field it blames, or null
 * @param message its message
 */
public record ProviderError(
        int status,
        @Nullable String type,
        @Nullable String code,
        @Nullable String param,
        String message) {}
