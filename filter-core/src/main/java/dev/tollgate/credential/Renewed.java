package dev.tollgate.credential;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that is good for a while and is renewed ahead of its end. It is asked for once at a time, whoever waits; while the
 * old one is good nobody waits, and a renewal that fails leaves it in use. After a failure nothing is asked for a moment.
 */
final class Renewed<T> {
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Supplier<CompletionStage<Lease<T>>> source;
    private final InstantSource clock;
    private @Nullable Lease<T> lease;
    private Instant renewAt = Instant.MIN;
    private Instant pausedUntil = Instant.MIN;
    private @Nullable CompletableFuture<T> underWay;
    private @Nullable CredentialException failure;

    Renewed(Supplier<CompletionStage<Lease<T>>> source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /** The value, as soon as there is a good one; fails with a {@link CredentialException}. */
    CompletionStage<T> get() {
        Instant now = clock.instant();
        CompletableFuture<T> started = null;
        CompletionStage<T> answer;
        synchronized (this) {
            if (now.isBefore(renewAt) && lease != null) {
                return CompletableFuture.completedFuture(lease.value());
            }
            if (underWay == null && !now.isBefore(pausedUntil)) {
                started = new CompletableFuture<>();
                underWay = started;
            }
            answer = answer(now);
        }
        if (started != null) {
            ask(started);
        }
        return answer;
    }

    private CompletionStage<T> answer(Instant now) {
        if (lease != null && now.isBefore(lease.expires())) {
            return CompletableFuture.completedFuture(lease.value());
        }
        return underWay != null
                ? underWay.copy()
                : CompletableFuture.failedFuture(CredentialException.of(lastFailure()));
    }

    private Throwable lastFailure() {
        return failure == null ? new IllegalStateException() : failure;
    }

    private void ask(CompletableFuture<T> waiting) {
        CompletionStage<Lease<T>> asked;
        try {
            asked = source.get();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        asked.whenComplete((fresh, failed) -> {
            if (failed == null) {
                took(fresh);
                waiting.complete(fresh.value());
            } else {
                waiting.completeExceptionally(failed(CredentialException.of(failed)));
            }
        });
    }

    private synchronized void took(Lease<T> fresh) {
        lease = fresh;
        renewAt = renewal(fresh.expires());
        underWay = null;
    }

    private Instant renewal(Instant expires) {
        if (expires.equals(Instant.MAX)) {
            return expires;
        }
        Duration half = Duration.between(clock.instant(), expires).dividedBy(2);
        return expires.minus(half.compareTo(AHEAD) < 0 ? half : AHEAD);
    }

    private synchronized CredentialException failed(CredentialException why) {
        failure = why;
        pausedUntil = clock.instant().plus(PAUSE);
        underWay = null;
        return why;
    }

    /** Forgets the value: somebody found that it is no longer good. */
    synchronized void drop() {
        lease = null;
        renewAt = Instant.MIN;
    }
}
