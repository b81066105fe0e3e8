package dev.tollgate.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Header;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.testing.FakeUpstream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of every method, and bodies that are sent as they come. */
@Timeout(60)
class UpstreamBodiesTest {
    private static final int WINDOW = HttpUpstreams.WINDOW;

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    private final HttpUpstreams http = new HttpUpstreams(new PoolLimits(4, 64), timers);
    private final FakeUpstream upstream = new FakeUpstream();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger rooms = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Heard heard = new Heard();

    @AfterEach
    void nothingIsHeld() {
        gate.countDown();
        await().untilAsserted(() -> assertThat(http.inUse()).isZero());
        http.close();
        upstream.close();
        timers.shutdownNow();
    }

    private Flight send(String method, UpstreamBody body) {
        Provider provider = new Provider("fake", "fake", upstream.uri(), List.of(), new Credential.None(), Quirks.NONE);
        List<Header> headers = List.of(new Header("Content-Type", "application/x-test"));
        return http.send(
                new UpstreamRequest(
                        provider, method, upstream.uri().resolve("/x"), headers, body, Duration.ofSeconds(3)),
                heard);
    }

    private BodyPipe pipe(long length) {
        return new BodyPipe(length, rooms::incrementAndGet, sent::incrementAndGet);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    @Test
    void requestsWithoutABodyHaveNone() {
        upstream.always(peer -> peer.json(200, "{}"));

        send("DELETE", new UpstreamBody.None());
        await().until(heard::isOver);

        assertThat(upstream.lastRequest().line()).isEqualTo("DELETE /x HTTP/1.1");
        assertThat(upstream.lastRequest().headers()).doesNotContainKeys("content-length", "transfer-encoding");
    }

    @Test
    void aBodyOfKnownLengthIsSentWithIt() {
        upstream.always(peer -> peer.json(200, "{}"));
        BodyPipe pipe = pipe(11);

        send("POST", pipe);
        await().until(() -> upstream.connections() == 1);
        pipe.put(bytes("hello "));
        await().until(() -> pipe.held() == 0);
        pipe.put(bytes("world"));
        pipe.finish();
        await().until(heard::isOver);

        assertThat(upstream.lastRequest().text()).isEqualTo("hello world");
        assertThat(upstream.lastRequest().header("content-length")).contains("11");
        assertThat(sent).hasValue(1);
    }

    @Test
    void aBodyOfUnknownLengthIsSentInChunks() {
        upstream.always(peer -> peer.json(200, "{}"));
        BodyPipe pipe = pipe(-1);
        pipe.put(bytes("first,"));

        send("POST", pipe);
        await().until(() -> pipe.held() == 0);
        pipe.put(bytes("second"));
        await().until(() -> pipe.held() == 0);
        pipe.finish();
        await().until(heard::isOver);

        assertThat(upstream.lastRequest().text()).isEqualTo("first,second");
        assertThat(upstream.lastRequest().header("transfer-encoding")).contains("chunked");
        assertThat(upstream.lastRequest().header("content-length")).isEmpty();
    }

    @Test
    void aProviderThatDoesNotReadFillsThePipeAndNoMore() {
        upstream.readingBodiesLater().always(peer -> {
            peer.await(gate).skipBody(0);
            peer.json(200, "{}");
        });
        int size = 16 << 20;
        BodyPipe pipe = pipe(size);
        send("POST", pipe);

        int put = 0;
        boolean room = true;
        byte[] piece = new byte[8 * 1024];
        while (room) {
            room = pipe.put(ByteBuffer.wrap(piece.clone()));
            put += piece.length;
            int before = rooms.get();
            if (!room) {
                try {
                    soon().atMost(Duration.ofMillis(500)).until(() -> rooms.get() > before || pipe.held() < WINDOW);
                    room = true;
                } catch (org.awaitility.core.ConditionTimeoutException standsStill) {
                    // the sockets between are full
                }
            }
        }
        assertThat(put).isLessThan(size);
        assertThat(pipe.held()).isBetween(WINDOW, WINDOW + piece.length);

        gate.countDown();
        for (; put < size; put += piece.length) {
            soon().until(() -> pipe.held() < WINDOW);
            pipe.put(ByteBuffer.wrap(piece.clone()));
        }
        pipe.finish();
        await().until(heard::isOver);
        assertThat(heard.status()).isEqualTo(200);
    }

    /** Looks often: there are thousands of pieces. */
    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 413})
    void aProviderThatAnswersEarlyAndWaitsForTheRestHoldsNoConnection(int status) {
        upstream.readingBodiesLater().always(peer -> peer.json(status, "{}").await(gate));
        BodyPipe pipe = pipe(1 << 20);

        send("POST", pipe);
        pipe.put(bytes("some"));
        await().until(heard::hasEnded);

        assertThat(heard.status()).isEqualTo(status);
        await().untilAsserted(() -> assertThat(http.inUse()).isZero());
    }

    @Test
    void aBodyThatIsCalledOffBreaksTheConnection() {
        upstream.readingBodiesLater().always(peer -> peer.readBody());
        BodyPipe pipe = pipe(1 << 20);
        Flight flight = send("POST", pipe);
        pipe.put(bytes("some"));
        await().until(() -> pipe.held() == 0);

        flight.abort();

        await().until(() -> upstream.playing() == 0);
        assertThat(sent).hasValue(0);
    }
}
