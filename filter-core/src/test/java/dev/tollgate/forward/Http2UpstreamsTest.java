package dev.tollgate.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Header;
import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Provider;
import dev.tollgate.testing.Certificates;
import dev.tollgate.testing.FakeProxy;
import dev.tollgate.testing.Http2Server;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 with Jetty at the other end. */
class Http2UpstreamsTest extends UpstreamBase {
    private static final Certificates AUTHORITY = Certificates.ec();

    @TempDir
    Path folder;

    private final Http2Server server = Http2Server.clear().always(Http2UpstreamsTest::echo);

    @AfterEach
    void closeServer() {
        server.close();
    }

    private static void echo(Request request, Response response, Callback callback) throws Exception {
        String body = Content.Source.asString(request);
        String own = request.getHeaders().get("x-own");
        Content.Sink.write(response, true, own + ":" + body, callback);
    }

    private Provider second() {
        return provider("second", server.uri(), http2());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void requestsAreSentInTheClearWithoutAskingFirst() {
        Heard heard = sendAndWait(second());
        assertThat(heard.failure()).isNull();
        assertThat(heard.status()).isEqualTo(200);
        assertThat(heard.text()).isEqualTo("yes:{\"a\":1}");
        assertThat(server.versions()).containsExactly("HTTP/2.0");
    }

    private Handling.Transport trusted() {
        Path ca = AUTHORITY.authorityTo(folder.resolve("ca.pem"));
        return new Handling.Transport(100, 100, true, null, ca, null, null);
    }

    @Test
    void overTlsTheTwoSidesAgreeOnIt() {
        try (Http2Server tls = Http2Server.tls(AUTHORITY.forLoopback().server()).always(Http2UpstreamsTest::echo)) {
            Heard heard = sendAndWait(provider("second", tls.uri(), trusted()));
            assertThat(heard.failure()).isNull();
            assertThat(heard.text()).isEqualTo("yes:{\"a\":1}");
            assertThat(tls.versions()).containsExactly("HTTP/2.0");
        }
    }

    @Test
    void aProviderThatDoesNotSpeakItIsNotSentAnything() {
        try (Http2Server former =
                Http2Server.ofTheFormerVersion(AUTHORITY.forLoopback().server())) {
            Heard heard = sendAndWait(provider("second", former.uri(), trusted()));
            assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.CONNECT);
            assertThat(former.versions()).isEmpty();
        }
    }

    @Test
    void itGoesThroughATunnelToo() {
        try (Http2Server tls = Http2Server.tls(
                                AUTHORITY.forHosts("models.invalid").server())
                        .always(Http2UpstreamsTest::echo);
                FakeProxy proxy = new FakeProxy(tls.uri().getPort())) {
            Path ca = AUTHORITY.authorityTo(folder.resolve("ca.pem"));
            Heard heard = sendAndWait(
                    provider("second", URI.create("https://models.invalid"), proxied(true, proxy.uri(), ca)));
            assertThat(heard.failure()).isNull();
            assertThat(tls.versions()).containsExactly("HTTP/2.0");
            assertThat(proxy.asked()).containsExactly("CONNECT models.invalid:443 HTTP/1.1");
        }
    }

    @Test
    void connectionsAreUsedAgainOneCallAtATime() {
        for (int i = 0; i < 5; i++) {
            assertThat(sendAndWait(second()).failure()).isNull();
            await().until(() -> http.inUse() == 0);
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void oneThatHasBeenIdleIsAskedWhetherItIsThere() throws InterruptedException {
        assertThat(sendAndWait(second()).failure()).isNull();
        await().pollDelay(Duration.ofMillis(1_200)).until(() -> http.inUse() == 0);
        assertThat(sendAndWait(second()).failure()).isNull();
        assertThat(server.connections()).isEqualTo(1);
    }

    // --- ends

    @Test
    void aSilentCallIsCalledOffAtOnceAndTheOthersGoOn() {
        List<Response> streams = new ArrayList<>();
        server.always((request, response, callback) -> {
            Content.Source.asString(request);
            synchronized (streams) {
                streams.add(response);
            }
        });
        List<Heard> all = new ArrayList<>();
        List<Flight> flights = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Heard heard = new Heard();
            all.add(heard);
            flights.add(send(second(), heard));
        }
        await().until(() -> streams.size() == 5);

        flights.get(0).abort();

        await().atMost(Duration.ofSeconds(1)).until(() -> server.calledOff() == 1);
        assertThat(all).noneMatch(Heard::isOver);
        flights.forEach(Flight::abort);
        await().until(() -> server.calledOff() == 5);
    }

    @Test
    void aStreamIsCalledOffInItsMiddle() {
        AtomicReference<Response> stream = new AtomicReference<>();
        server.always((request, response, callback) -> {
            Content.Source.asString(request);
            response.write(false, ByteBuffer.wrap(bytes("data: {}\n\n")), Callback.NOOP);
            stream.set(response);
        });
        Heard heard = new Heard();
        Flight flight = send(second(), heard);
        await().until(() -> heard.text().equals("data: {}\n\n"));

        flight.abort();

        await().atMost(Duration.ofSeconds(1)).until(() -> server.calledOff() == 1);
        assertThat(heard.isOver()).isFalse();
    }

    @Test
    void aStreamThatTheProviderResetsIsABreak() {
        server.always((request, response, callback) -> {
            Content.Source.asString(request);
            response.write(
                    false,
                    ByteBuffer.wrap(bytes("data: {}\n\n")),
                    Callback.from(() -> callback.failed(new IllegalStateException("as if"))));
        });
        Heard heard = sendAndWait(second());
        assertThat(heard.hasEnded()).isFalse();
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.BROKEN);
    }

    @Test
    void aProviderThatGoesAwayIsABreak() {
        server.always((request, response, callback) -> Content.Source.asString(request));
        Heard heard = new Heard();
        send(second(), heard);
        await().until(() -> server.versions().size() == 1);

        server.close();

        await().until(heard::isOver);
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.BROKEN);
    }

    // --- bounds

    @Test
    void aProviderWhoseDataIsNotPassedOnIsHeldBack() {
        AtomicLong sent = new AtomicLong();
        server.always((request, response, callback) -> {
            Content.Source.asString(request);
            flood(response, sent, callback);
        });
        Heard heard = new Heard();
        Flight flight = send(second(), heard);
        await().until(() -> heard.size() >= HttpUpstreams.HTTP_2_WINDOW);
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(heard.size()).isEqualTo(HttpUpstreams.HTTP_2_WINDOW));

        flight.request(HttpUpstreams.HTTP_2_WINDOW);

        await().until(() -> heard.size() >= 2 * HttpUpstreams.HTTP_2_WINDOW - 16 * 1024);
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(heard.size()).isLessThanOrEqualTo(2 * HttpUpstreams.HTTP_2_WINDOW));
        flight.abort();
    }

    private static void flood(Response response, AtomicLong sent, Callback callback) {
        ByteBuffer block = ByteBuffer.allocate(16 * 1024);
        response.write(
                false,
                block,
                Callback.from(
                        () -> {
                            sent.addAndGet(16 * 1024);
                            flood(response, sent, callback);
                        },
                        callback::failed));
    }

    @Test
    void aProviderWhoseDataIsPassedOnRunsToItsEnd() {
        server.always((request, response, callback) -> {
            Content.Source.asString(request);
            response.write(true, ByteBuffer.allocate(4 << 20), callback);
        });
        AtomicReference<Flight> flight = new AtomicReference<>();
        AtomicLong got = new AtomicLong();
        Heard heard = new Heard();
        UpstreamListener passing = new UpstreamListener() {
            @Override
            public void head(int status, List<Header> headers) {
                heard.head(status, headers);
            }

            @Override
            public void data(ByteBuffer bytes) {
                got.addAndGet(bytes.remaining());
                await().until(() -> flight.get() != null);
                flight.get().request(bytes.remaining());
            }

            @Override
            public void end() {
                heard.end();
            }

            @Override
            public void failed(UpstreamFailure failure) {
                heard.failed(failure);
            }
        };
        flight.set(send(second(), passing, Duration.ofSeconds(3)));
        await().until(heard::isOver);
        assertThat(heard.failure()).isNull();
        assertThat(got).hasValue(4 << 20);
    }

    @Test
    void tooManyHeadersAreRefused() {
        server.always((request, response, callback) -> {
            Content.Source.asString(request);
            HttpFields.Mutable headers = response.getHeaders();
            for (int i = 0; i < 200; i++) {
                headers.add("x-" + i, "y");
            }
            Content.Sink.write(response, true, "no", callback);
        });
        Heard heard = sendAndWait(second());
        assertThat(heard.status()).isZero();
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.PROTOCOL);
    }
}
