package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Header;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.testing.FakeUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUpstreamsTest {
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    private final FakeUpstream upstream = new FakeUpstream();
    private final CountDownLatch gate = new CountDownLatch(1);
    private HttpUpstreams http = new HttpUpstreams(PoolLimits.DEFAULT, timers);

    @BeforeAll
    static void lookOften() {
        ForwardingBase.lookOften();
    }

    @AfterEach
    void close() {
        gate.countDown();
        http.close();
        upstream.close();
        timers.shutdownNow();
    }

    private UpstreamRequest request(URI base, String body, Duration connect) {
        Provider provider = new Provider(
                "fake", "fake", base, Way.chat(Map.of("openai-chat", "/chat")), new Credential.None(), Quirks.NONE);
        List<Header> headers = List.of(
                new Header("Content-Type", "application/json"),
                new Header("Accept-Encoding", "identity"),
                new Header("User-Agent", "tollgate/test"));
        return UpstreamRequest.post(
                provider, base.resolve("/chat?x=1"), headers, body.getBytes(StandardCharsets.UTF_8), connect);
    }

    private Flight send(Heard heard) {
        return http.send(request(upstream.uri(), "{\"hello\":\"wörld\"}", Duration.ofSeconds(3)), heard);
    }

    private Heard sendAndWait() {
        Heard heard = new Heard();
        send(heard);
        await().until(heard::isOver);
        return heard;
    }

    private void nothingIsHeldAfter(Heard heard) {
        await().untilAsserted(() -> assertThat(http.inUse()).isZero());
        assertThat(heard.heardLate()).isZero();
    }

    // --- plain exchange

    @Test
    void aRequestIsSentOnceWithItsLengthAndNothingOfTheClientsOwn() {
        upstream.then(peer -> peer.json(200, "{\"ok\":true}", "X-Request-Id: r1"));
        Heard heard = sendAndWait();
        assertThat(heard.hasEnded()).isTrue();
        assertThat(heard.status()).isEqualTo(200);
        assertThat(heard.text()).isEqualTo("{\"ok\":true}");
        assertThat(heard.header("x-request-id")).isEqualTo("r1");
        var seen = upstream.lastRequest();
        assertThat(seen.line()).isEqualTo("POST /chat?x=1 HTTP/1.1");
        assertThat(seen.text()).isEqualTo("{\"hello\":\"wörld\"}");
        assertThat(seen.headers().keySet())
                .containsExactlyInAnyOrder(
                        "content-type", "accept-encoding", "user-agent", "content-length", "host", "connection");
        assertThat(seen.header("user-agent")).contains("tollgate/test");
        assertThat(seen.header("accept-encoding")).contains("identity");
        assertThat(seen.header("content-length")).contains("18");
        nothingIsHeldAfter(heard);
    }

    @Test
    void connectionsAreUsedAgain() {
        upstream.always(peer -> peer.json(200, "{}"));
        for (int i = 0; i < 5; i++) {
            sendAndWait();
            await().until(() -> http.inUse() == 0);
        }
        assertThat(upstream.connections()).isEqualTo(1);
    }

    /** The client cuts a connection whose answer overtakes the return of its own execute method, if it is let. */
    @Test
    void answersThatComeVeryQuicklyAreNotCut() {
        upstream.always(peer -> peer.stream().data("{}").endChunks());
        for (int i = 0; i < 1_000; i++) {
            Heard heard = new Heard();
            send(heard);
            await().pollInterval(Duration.ofMillis(1)).until(heard::isOver);
            assertThat(heard.failure()).isNull();
            assertThat(heard.text()).isEqualTo("data: {}\n\n");
        }
        assertThat(upstream.connections()).isLessThan(5);
    }

    @Test
    void anAnswerWithoutABodyEnds() {
        upstream.then(peer -> peer.head(204));
        assertThat(sendAndWait().hasEnded()).isTrue();
    }

    @Test
    void interimAnswersAreSkipped() {
        upstream.then(peer -> peer.head(100).head(103, "Link: </x>").json(200, "{}"));
        Heard heard = sendAndWait();
        assertThat(heard.status()).isEqualTo(200);
        assertThat(heard.text()).isEqualTo("{}");
    }

    // --- what the client must not do by itself

    @ParameterizedTest
    @ValueSource(ints = {429, 503, 302, 307, 401, 407, 500})
    void noStatusMakesItAskAgain(int status) {
        upstream.always(peer -> peer.json(
                status,
                "{}",
                "Retry-After: 0",
                "Location: /elsewhere",
                "WWW-Authenticate: Basic realm=\"x\"",
                "Proxy-Authenticate: Basic realm=\"x\""));
        Heard heard = sendAndWait();
        assertThat(heard.status()).isEqualTo(status);
        nothingIsHeldAfter(heard);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void aBrokenConnectionDoesNotMakeItAskAgain() {
        upstream.always(peer -> peer.close());
        Heard heard = sendAndWait();
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.BROKEN);
        nothingIsHeldAfter(heard);
        assertThat(upstream.requests()).hasSize(1);
    }

    private Heard get() {
        UpstreamRequest post = request(upstream.uri(), "", Duration.ofSeconds(3));
        Heard heard = new Heard();
        http.send(
                new UpstreamRequest(
                        post.provider(),
                        "GET",
                        post.uri(),
                        post.headers(),
                        new UpstreamBody.None(),
                        post.connectTimeout()),
                heard);
        await().until(heard::isOver);
        return heard;
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void requestsWithoutABodyAreNotRepeatedEither(int status) {
        upstream.always(peer -> peer.json(status, "{}", "Retry-After: 0"));
        assertThat(get().status()).isEqualTo(status);
        assertThat(upstream.requests()).hasSize(1);
    }

    /** Left to itself, the client repeats this one: GET is idempotent, and nothing of it is lost by sending it again. */
    @Test
    void aRequestWithoutABodyWhoseConnectionIsResetMayHaveBeenHeardAndIsNotRepeated() {
        upstream.always(peer -> peer.reset());
        assertThat(get().failure().kind()).isEqualTo(UpstreamFailure.Kind.BROKEN);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void connectionsAreNotUsedForMoreThanFiveMinutesNorUncheckedAfterASecond() {
        assertThat(HttpTransport.CONNECTIONS.getTimeToLive()).isEqualTo(TimeValue.ofMinutes(5));
        assertThat(HttpTransport.CONNECTIONS.getValidateAfterInactivity()).isEqualTo(TimeValue.ofSeconds(1));
    }

    @Test
    void aConnectionThatItsProviderHasClosedIsNotUsedAgain() {
        upstream.always(peer -> peer.json(200, "{}").close());
        for (int closed = 1; closed <= 5; closed++) {
            int connections = closed;
            assertThat(sendAndWait().failure()).isNull();
            await().pollDelay(Duration.ofMillis(100)).until(() -> upstream.connections() == connections);
        }
    }

    /** The provider has heard enough, and waits for no more of the request; nobody must wait for it to be sent. */
    @ParameterizedTest
    @ValueSource(ints = {200, 413})
    void anAnswerBeforeTheWholeRequestHoldsNoConnection(int status) {
        upstream.readingBodiesLater().always(peer -> peer.json(status, "{}").await(gate));
        Heard heard = new Heard();
        http.send(request(upstream.uri(), "x".repeat(32 << 20), Duration.ofSeconds(3)), heard);
        await().until(heard::isOver);
        assertThat(heard.status()).isEqualTo(status);
        nothingIsHeldAfter(heard);
    }

    @Test
    void cookiesAreNotShownToTheNextRequest() {
        upstream.always(peer -> peer.json(200, "{}", "Set-Cookie: session=secret; Path=/"));
        sendAndWait();
        sendAndWait();
        assertThat(upstream.requests())
                .hasSize(2)
                .allSatisfy(seen -> assertThat(seen.header("cookie")).isEmpty());
    }

    @Test
    void aCompressedAnswerIsNotTouched() {
        upstream.then(peer -> peer.answer(200, "application/json", "not really gzip", "Content-Encoding: gzip"));
        Heard heard = sendAndWait();
        assertThat(heard.text()).isEqualTo("not really gzip");
        assertThat(heard.header("content-encoding")).isEqualTo("gzip");
    }

    // --- failures

    @Test
    void aClosedPortIsAFailureToConnect() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Heard heard = new Heard();
        http.send(request(URI.create("http://127.0.0.1:" + port), "{}", Duration.ofSeconds(3)), heard);
        await().until(heard::isOver);
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.CONNECT);
        nothingIsHeldAfter(heard);
    }

    @Test
    void aPeerThatTakesNoConnectionIsGivenUpAfterTheConnectTimeout() throws IOException {
        // A full accept queue drops the handshake, as a black hole does.
        try (ServerSocket hole = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<java.nio.channels.SocketChannel> fill = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                java.nio.channels.SocketChannel channel = java.nio.channels.SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(hole.getLocalSocketAddress());
                fill.add(channel);
            }
            Heard heard = new Heard();
            URI uri = URI.create("http://127.0.0.1:" + hole.getLocalPort());
            http.send(request(uri, "{}", Duration.ofMillis(300)), heard);
            await().until(heard::isOver);
            assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.CONNECT);
            nothingIsHeldAfter(heard);
            for (java.nio.channels.SocketChannel channel : fill) {
                channel.close();
            }
        }
    }

    @Test
    void anUnknownNameIsAFailureToConnect() {
        reopen(host -> {
            throw new UnknownHostException(host);
        });
        Heard heard = new Heard();
        http.send(request(URI.create("http://nowhere.invalid:1"), "{}", Duration.ofSeconds(3)), heard);
        await().until(heard::isOver);
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.CONNECT);
    }

    @Test
    void aSlowNameServerHoldsUpNeitherTheCallerNorOtherProviders() {
        reopen(host -> {
            if (host.equals("slow.invalid")) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new UnknownHostException(host);
                }
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        });
        upstream.always(peer -> peer.json(200, "{}"));
        Heard slow = new Heard();
        int port = upstream.uri().getPort();
        http.send(request(URI.create("http://slow.invalid:" + port), "{}", Duration.ofMillis(300)), slow);
        Heard other = new Heard();
        http.send(request(URI.create("http://quick.invalid:" + port), "{}", Duration.ofSeconds(3)), other);
        await().until(other::hasEnded);
        await().until(slow::isOver);
        assertThat(slow.failure().kind()).isEqualTo(UpstreamFailure.Kind.CONNECT);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void aFullPoolIsToldAfterASecond() {
        http.close();
        http = new HttpUpstreams(new PoolLimits(1, 1), timers);
        upstream.always(peer -> peer.await(gate).json(200, "{}"));
        Heard first = new Heard();
        send(first);
        await().until(() -> upstream.requests().size() == 1);
        Heard second = new Heard();
        send(second);
        await().atMost(Duration.ofSeconds(3)).until(second::isOver);
        assertThat(second.failure().kind()).isEqualTo(UpstreamFailure.Kind.POOL_EXHAUSTED);
        gate.countDown();
        await().until(first::hasEnded);
        nothingIsHeldAfter(first);
    }

    @Test
    void aCutBodyIsNotAnEnd() {
        upstream.then(peer -> {
            peer.head(200, "Content-Type: application/json", "Content-Length: 100")
                    .raw("{\"half\":");
            peer.close();
        });
        Heard heard = sendAndWait();
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.BROKEN);
        nothingIsHeldAfter(heard);
    }

    @Test
    void aMissingLastChunkIsNotAnEnd() {
        upstream.then(peer -> {
            peer.stream().data("{}");
            peer.await(gate).close();
        });
        Heard heard = new Heard();
        send(heard);
        await().until(() -> heard.text().equals("data: {}\n\n"));
        gate.countDown();
        await().until(heard::isOver);
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.BROKEN);
    }

    @Test
    void aResetIsABreak() {
        upstream.then(peer -> {
            peer.stream().data("{}");
            peer.await(gate).reset();
        });
        Heard heard = new Heard();
        send(heard);
        await().until(() -> heard.size() > 0);
        gate.countDown();
        await().until(heard::isOver);
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.BROKEN);
        nothingIsHeldAfter(heard);
    }

    @Test
    void tooManyHeadersAreRefused() {
        upstream.then(peer -> {
            StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 200; i++) {
                head.append("X-").append(i).append(": y\r\n");
            }
            peer.raw(head + "Content-Length: 0\r\n\r\n");
            peer.untilClosed();
        });
        Heard heard = sendAndWait();
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.PROTOCOL);
        nothingIsHeldAfter(heard);
    }

    @Test
    void anEndlessHeaderLineIsRefused() {
        upstream.then(peer -> {
            peer.raw("HTTP/1.1 200 OK\r\nX-Long: " + "y".repeat(20_000));
            peer.untilClosed();
        });
        assertThat(sendAndWait().failure().kind()).isEqualTo(UpstreamFailure.Kind.PROTOCOL);
    }

    @Test
    void whatIsNotHttpIsRefused() {
        upstream.then(peer -> {
            peer.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n");
            peer.untilClosed();
        });
        Heard heard = sendAndWait();
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.PROTOCOL);
        nothingIsHeldAfter(heard);
    }

    // --- abort

    @Test
    void abortOnAReusedConnectionClosesItAtOnce() {
        upstream.then(peer -> peer.json(200, "{}"));
        sendAndWait();
        await().until(() -> http.inUse() == 0);
        abortsInTheMiddle();
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void abortOnANewConnectionClosesItAtOnce() {
        abortsInTheMiddle();
    }

    private void abortsInTheMiddle() {
        upstream.then(peer -> {
            peer.stream().data("{}");
            peer.untilClosed();
        });
        Heard heard = new Heard();
        Flight flight = send(heard);
        await().until(() -> heard.size() > 0);
        flight.abort();
        await().atMost(Duration.ofSeconds(1)).until(() -> upstream.closedByClient() == 1);
        nothingIsHeldAfter(heard);
        assertThat(heard.failure()).isNull();
        assertThat(heard.hasEnded()).isFalse();
        flight.abort();
        flight.request(100_000);
    }

    @Test
    void abortBeforeAnyAnswerClosesTheConnection() {
        upstream.then(peer -> peer.untilClosed());
        Heard heard = new Heard();
        Flight flight = send(heard);
        await().until(() -> upstream.playing() == 1);
        flight.abort();
        await().atMost(Duration.ofSeconds(1)).until(() -> upstream.closedByClient() == 1);
        nothingIsHeldAfter(heard);
    }

    @Test
    void abortWhileWaitingForAConnectionGivesUpThePlaceInTheQueue() {
        http.close();
        http = new HttpUpstreams(new PoolLimits(1, 1), timers);
        upstream.always(peer -> peer.await(gate).json(200, "{}"));
        Heard first = new Heard();
        send(first);
        await().until(() -> upstream.requests().size() == 1);
        Heard second = new Heard();
        send(second).abort();
        gate.countDown();
        await().until(first::hasEnded);
        nothingIsHeldAfter(second);
        assertThat(upstream.requests()).hasSize(1);
        assertThat(second.isOver()).isFalse();
    }

    @Test
    void abortsAtAnyMomentLeaveNothingBehind() {
        upstream.always(peer -> peer.stream().data("{}").data("{}").endChunks());
        List<Heard> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Heard heard = new Heard();
            Flight flight = send(heard);
            long wait = i * 2_000L;
            long start = System.nanoTime();
            while (System.nanoTime() - start < wait) {
                Thread.onSpinWait();
            }
            flight.abort();
            all.add(heard);
        }
        await().untilAsserted(() -> assertThat(http.inUse()).isZero());
        assertThat(all).allSatisfy(heard -> assertThat(heard.heardLate()).isZero());
        assertThat(sendAndWait().hasEnded()).isTrue();
    }

    // --- back-pressure

    @Test
    void anUpstreamWhoseDataIsNotPassedOnIsHeldBack() {
        AtomicLong sent = flood(64 << 20);
        Heard heard = new Heard();
        Flight flight = send(heard);
        await().until(() -> heard.size() >= HttpUpstreams.WINDOW);
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(heard.size()).isLessThanOrEqualTo(HttpUpstreams.WINDOW + 4096));
        assertThat(sent.get()).isLessThan(16 << 20);
        int before = heard.size();
        flight.request(16 * 1024);
        await().until(() -> heard.size() >= before + 16 * 1024);
        flight.abort();
        nothingIsHeldAfter(heard);
    }

    @Test
    void anUpstreamWhoseDataIsPassedOnRunsToItsEnd() {
        AtomicLong sent = flood(8 << 20);
        Heard heard = new Heard();
        Flight[] flight = new Flight[1];
        CountDownLatch ready = new CountDownLatch(1);
        flight[0] = http.send(request(upstream.uri(), "{}", Duration.ofSeconds(3)), new UpstreamListener() {
            @Override
            public void head(int status, List<Header> headers) {
                heard.head(status, headers);
            }

            @Override
            public void data(java.nio.ByteBuffer bytes) {
                int size = bytes.remaining();
                heard.data(bytes);
                try {
                    ready.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                flight[0].request(size);
            }

            @Override
            public void end() {
                heard.end();
            }

            @Override
            public void failed(UpstreamFailure failure) {
                heard.failed(failure);
            }
        });
        ready.countDown();
        await().until(heard::hasEnded);
        assertThat((long) heard.size()).isEqualTo(sent.get());
        nothingIsHeldAfter(heard);
    }

    private AtomicLong flood(int bytes) {
        AtomicLong sent = new AtomicLong();
        upstream.then(peer -> {
            peer.head(200, "Content-Type: text/plain", "Content-Length: " + bytes);
            byte[] block = new byte[16 * 1024];
            while (sent.get() < bytes) {
                peer.raw(block);
                sent.addAndGet(block.length);
            }
        });
        return sent;
    }

    @Test
    void closingFailsWhatIsUnderWay() {
        upstream.then(peer -> peer.untilClosed());
        Heard heard = new Heard();
        send(heard);
        await().until(() -> upstream.playing() == 1);
        http.close();
        await().until(heard::isOver);
        assertThat(heard.failure()).isNotNull();
    }

    @Test
    void whatComesAfterClosingIsNotSentAndKnownNotToBe() {
        http.close();
        Heard heard = new Heard();
        send(heard);

        await().atMost(Duration.ofSeconds(1)).until(heard::isOver);
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.CLOSED);
        assertThat(heard.failure().isUnsent()).isTrue();
        assertThat(upstream.requests()).isEmpty();
    }

    private void reopen(Addresses.Lookup lookup) {
        http.close();
        http = new HttpUpstreams(PoolLimits.DEFAULT, timers, lookup);
    }
}
