package dev.tollgate.forward;

import dev.tollgate.Header;
import dev.tollgate.credential.ToSign;
import dev.tollgate.provider.Handling.HealthCheck;
import dev.tollgate.provider.Provider;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One request that asks a provider whether it is well. What comes of it is told once, with a reason for the operator. */
final class HealthQuestion implements UpstreamListener {
    private static final byte[] NOTHING = new byte[0];

    /** So much of an answer is read for the sake of the connection, in bytes. */
    private static final int MOST_READ = 64 * 1024;

    private final HealthChecks checks;
    private final Provider called;
    private final HealthCheck check;
    private final BiConsumer<Result, String> told;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Future<?> deadline;
    private int read;

    private @Nullable Flight flight;
    private boolean abandoned;

    /** What came of it. */
    enum Result {
        WELL,
        UNWELL,
        /** It says nothing about the provider. */
        UNKNOWN
    }

    HealthQuestion(HealthChecks checks, Provider called, HealthCheck check, BiConsumer<Result, String> told) {
        this.checks = checks;
        this.called = called;
        this.check = check;
        this.told = told;
    }

    void ask() {
        URI uri = URI.create(called.baseUrl() + check.path());
        List<Header> headers = new ArrayList<>();
        called.quirks().headers().forEach((name, value) -> headers.add(new Header(name, value)));
        headers.add(new Header("Accept", "*/*"));
        headers.add(new Header("Accept-Encoding", "identity"));
        headers.add(new Header("User-Agent", checks.userAgent()));
        deadline = checks.timers().schedule(this::late, check.within().toNanos(), TimeUnit.NANOSECONDS);
        checks.authorizer()
                .authorize(called.credential(), new ToSign("GET", uri, headers, NOTHING))
                .whenComplete((added, failure) -> {
                    if (failure == null) {
                        send(uri, headers, added);
                    } else {
                        tell(Result.UNWELL, "the gateway has no credential for it");
                    }
                });
    }

    private void send(URI uri, List<Header> headers, List<Header> credential) {
        if (over.get()) {
            return;
        }
        headers.removeIf(
                header -> credential.stream().anyMatch(each -> each.name().equalsIgnoreCase(header.name())));
        headers.addAll(credential);
        began(checks.upstreams()
                .send(new UpstreamRequest(called, "GET", uri, headers, new UpstreamBody.None(), check.within()), this));
    }

    private void began(Flight what) {
        boolean late;
        synchronized (this) {
            flight = what;
            late = abandoned;
        }
        if (late) {
            what.abort();
        }
    }

    private void late() {
        tell(Result.UNWELL, "no answer within " + Shortfalls.spell(check.within()));
        abandon();
    }

    private void tell(Result result, String what) {
        if (over.compareAndSet(false, true)) {
            Future<?> timer = deadline;
            if (timer != null) {
                timer.cancel(false);
            }
            told.accept(result, what);
        }
    }

    /** Ends it wherever it is; nothing is told any more. */
    void abandon() {
        over.set(true);
        Future<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
        Flight under;
        synchronized (this) {
            abandoned = true;
            under = flight;
        }
        if (under != null) {
            under.abort();
        }
    }

    @Override
    public void head(int status, List<Header> headers) {
        boolean isRefused = status == 401 || status == 403;
        if (isRefused) {
            checks.authorizer().refused(called.credential());
        }
        tell(isRefused || status >= 500 ? Result.UNWELL : Result.WELL, "status " + status);
    }

    @Override
    public void data(ByteBuffer bytes) {
        read += bytes.remaining();
        if (read > MOST_READ) {
            abandon();
        } else {
            takeMore(bytes.remaining());
        }
    }

    private synchronized void takeMore(int bytes) {
        if (flight != null) {
            flight.request(bytes);
        }
    }

    @Override
    public void end() {
        // Its head has said all.
    }

    @Override
    public void failed(UpstreamFailure failure) {
        boolean isOurs = failure.kind() == UpstreamFailure.Kind.POOL_EXHAUSTED || failure.isClosing();
        tell(isOurs ? Result.UNKNOWN : Result.UNWELL, failure.kind() + ": " + failure.detail());
    }
}
