package dev.tollgate.forward;

import dev.tollgate.Header;
import dev.tollgate.credential.Fetcher;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks token services over a small client of its own, so that no call to a provider stands in their way. Starts with its first. */
public final class TokenFetcher implements Fetcher {
    private static final PoolLimits CONNECTIONS = new PoolLimits(4, 256);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration WHOLE = Duration.ofSeconds(10);
    private static final int ANSWER_CAP = 256 * 1024;

    private final ScheduledExecutorService timers;
    private @Nullable HttpUpstreams client;
    private boolean closed;

    /** @param timers runs deadlines; not closed by this */
    public TokenFetcher(ScheduledExecutorService timers) {
        this.timers = timers;
    }

    @Override
    public CompletionStage<Answer> fetch(Request request) {
        Reading reading = new Reading();
        HttpUpstreams upstreams = client();
        if (upstreams == null) {
            return CompletableFuture.failedFuture(new IOException("the gateway is closing"));
        }
        return reading.until(upstreams.send(upstreamRequest(request), reading), timers);
    }

    private synchronized @Nullable HttpUpstreams client() {
        if (client == null && !closed) {
            client = new HttpUpstreams(CONNECTIONS, timers);
        }
        return closed ? null : client;
    }

    private static UpstreamRequest upstreamRequest(Request request) {
        Provider service =
                new Provider("tokens", "tokens", request.uri(), List.of(), new Credential.None(), Quirks.NONE);
        boolean empty = request.body().length == 0 && !request.method().equals("PUT");
        UpstreamBody body = empty ? new UpstreamBody.None() : new UpstreamBody.Whole(request.body());
        return new UpstreamRequest(service, request.method(), request.uri(), request.headers(), body, CONNECT);
    }

    @Override
    public void close() {
        HttpUpstreams open;
        synchronized (this) {
            open = client;
            closed = true;
        }
        if (open != null) {
            open.close();
        }
    }

    /** One answer on its way. */
    private static final class Reading implements UpstreamListener {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private volatile int status;
        private volatile @Nullable Flight flight;

        /** However it ends, the flight is let go of, and nothing waits any more. */
        CompletionStage<Answer> until(Flight under, ScheduledExecutorService timers) {
            flight = under;
            try {
                ScheduledFuture<?> late = timers.schedule(this::late, WHOLE.toNanos(), TimeUnit.NANOSECONDS);
                return answer.whenComplete((done, failure) -> {
                    late.cancel(false);
                    under.abort();
                });
            } catch (RejectedExecutionException closing) {
                under.abort();
                return CompletableFuture.failedFuture(new IOException("the gateway is closing"));
            }
        }

        private void late() {
            answer.completeExceptionally(new IOException("no whole answer within " + WHOLE));
        }

        @Override
        public void head(int httpStatus, List<Header> headers) {
            status = httpStatus;
        }

        @Override
        public void data(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            Flight running = flight;
            synchronized (body) {
                if (body.size() + copy.length > ANSWER_CAP) {
                    answer.completeExceptionally(new IOException("the answer is too large"));
                    return;
                }
                body.write(copy, 0, copy.length);
            }
            if (running != null) {
                running.request(copy.length);
            }
        }

        @Override
        public void end() {
            synchronized (body) {
                answer.complete(new Answer(status, body.toByteArray()));
            }
        }

        @Override
        public void failed(UpstreamFailure failure) {
            answer.completeExceptionally(new IOException(failure.kind() + ": " + failure.detail()));
        }
    }
}
