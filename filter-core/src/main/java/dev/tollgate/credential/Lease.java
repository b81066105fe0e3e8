package dev.tollgate.credential;

import java.time.Instant;

/**
 * Something that is good for a while.
 *
 * @param expires when it ends; {@link Instant#MAX} for never
 */
record Lease<T>(T value, Instant expires) {}
