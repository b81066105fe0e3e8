package dev.tollgate.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Header;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** What tests of connections share: a way to send, and a look at the end whether anything is held. */
@Timeout(60)
abstract class UpstreamBase {
    final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    final HttpUpstreams http = new HttpUpstreams(PoolLimits.DEFAULT, timers, this::lookup);
    final CountDownLatch gate = new CountDownLatch(1);

    @BeforeAll
    static void lookOften() {
        ForwardingBase.lookOften();
    }

    @AfterEach
    void nothingIsHeld() {
        gate.countDown();
        try {
            await().untilAsserted(() -> assertThat(http.inUse()).isZero());
            assertThat(http.use()).allSatisfy(use -> {
                assertThat(use.leased()).isZero();
                assertThat(use.pending()).isZero();
            });
        } finally {
            http.close();
            timers.shutdownNow();
        }
    }

    /** All names lead to this host. */
    InetAddress[] lookup(String host) throws java.net.UnknownHostException {
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    static Handling.Transport limits(int connections, int pending) {
        return new Handling.Transport(connections, pending, false, null, null, null, null);
    }

    static Handling.Transport http2() {
        return new Handling.Transport(100, 100, true, null, null, null, null);
    }

    static Handling.Transport proxied(boolean http2, URI proxy, @Nullable Path ca) {
        return new Handling.Transport(100, 100, http2, proxy, ca, null, null);
    }

    static Handling.Transport trusting(@Nullable Path ca) {
        return new Handling.Transport(100, 100, false, null, ca, null, null);
    }

    static Provider provider(String name, URI base, Handling.Transport transport) {
        Handling handling = new Handling(
                List.of(), transport, Handling.OnAbort.CANCEL, Handling.Circuit.DEFAULT, java.util.Optional.empty());
        return new Provider(name, name, base, List.of(), new Credential.None(), Quirks.NONE).handled(handling);
    }

    Flight send(Provider provider, Heard heard) {
        return send(provider, heard, Duration.ofSeconds(3));
    }

    Flight send(Provider provider, UpstreamListener listener, Duration connect) {
        List<Header> headers = List.of(new Header("Content-Type", "application/json"), new Header("X-Own", "yes"));
        return http.send(
                UpstreamRequest.post(
                        provider,
                        provider.baseUrl().resolve("/chat?x=1"),
                        headers,
                        "{\"a\":1}".getBytes(UTF_8),
                        connect),
                listener);
    }

    Heard sendAndWait(Provider provider) {
        Heard heard = new Heard();
        send(provider, heard);
        await().atMost(Duration.ofSeconds(20)).until(heard::isOver);
        return heard;
    }

    UpstreamUse use(String provider) {
        return http.use().stream()
                .filter(use -> use.provider().equals(provider))
                .findFirst()
                .orElseThrow();
    }
}
