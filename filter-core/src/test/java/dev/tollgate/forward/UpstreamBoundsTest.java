package dev.tollgate.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Provider;
import dev.tollgate.testing.Certificates;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider can make the gateway take, and what it cannot. */
class UpstreamBoundsTest extends UpstreamBase {
    private static final Certificates AUTHORITY = Certificates.ec();

    @TempDir
    Path folder;

    private final FakeUpstream clear = new FakeUpstream();
    private final FakeUpstream secret = FakeUpstream.tls(AUTHORITY.forLoopback().server(), socket -> {});
    private final AtomicLong sent = new AtomicLong();

    @AfterEach
    void closeProviders() {
        clear.close();
        secret.close();
    }

    private Provider one() {
        return provider("one", clear.uri(), Handling.Transport.DEFAULT);
    }

    // --- heads

    @Test
    void tenThousandHeadersAreGivenUpAfterAHundred() {
        String header = "X-Many: " + "y".repeat(1_000) + "\r\n";
        clear.always(peer -> {
            peer.raw("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 10_000; i++) {
                peer.raw(header);
                sent.addAndGet(header.length());
            }
            peer.raw("\r\n");
        });
        Heard heard = sendAndWait(one());
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.PROTOCOL);
        assertThat(heard.status()).isZero();
        await().until(() -> clear.playing() == 0);
        assertThat(sent.get()).isLessThan(8 << 20); // what the sockets took
    }

    @Test
    void headersWithoutAnEndAreGivenUp() {
        clear.always(peer -> {
            peer.raw("HTTP/1.1 200 OK\r\n");
            for (int i = 0; ; i++) {
                peer.raw("X-" + i + ": y\r\n");
            }
        });
        assertThat(sendAndWait(one()).failure().kind()).isEqualTo(UpstreamFailure.Kind.PROTOCOL);
    }

    // --- lies about length

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n\r\n5\r\nabcdefghij",
                "Transfer-Encoding: chunked\r\n\r\nnone\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\n-5\r\nabc",
                "Content-Length: -5\r\n\r\nabcde",
                "Content-Length: many\r\n\r\nabcde",
                "Transfer-Encoding: gzip\r\n\r\nabcde"
            })
    void lengthsThatAreNoneBreakTheRules(String rest) {
        clear.always(peer -> {
            peer.raw("HTTP/1.1 200 OK\r\n" + rest);
            peer.untilClosed();
        });
        assertThat(sendAndWait(one()).failure().kind()).isEqualTo(UpstreamFailure.Kind.PROTOCOL);
    }

    @Test
    void whatComesAfterTheDeclaredLengthIsNoPartOfTheAnswerNorOfTheNext() {
        clear.then(peer -> peer.raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n"
                + "Content-Length: 6\r\n\r\nothers"));
        clear.always(peer -> peer.json(200, "{\"own\":1}"));

        assertThat(sendAndWait(one()).text()).isEqualTo("{}");
        Heard next = sendAndWait(one());

        assertThat(next.text()).isNotEqualTo("others");
    }

    // --- compression

    @Test
    void compressedBytesAreNotInflated() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 64; i++) {
                zip.write(new byte[1 << 20]);
            }
        }
        clear.always(peer -> {
            peer.head(200, "Content-Encoding: gzip", "Content-Length: " + bomb.size());
            peer.raw(bomb.toByteArray());
        });
        Heard heard = new Heard();
        Flight flight = send(one(), heard);
        flight.request(1 << 20);
        await().until(heard::isOver);
        assertThat(heard.size()).isEqualTo(bomb.size());
    }

    // --- who reads slowly

    /** In pieces, so small and so quickly, that the socket never runs dry. */
    private void pourInto(Peer peer) throws IOException {
        byte[] pieces = ("40\r\n" + "x".repeat(0x40) + "\r\n").repeat(500).getBytes(ISO_8859_1);
        peer.stream();
        while (true) {
            peer.raw(pieces);
            sent.addAndGet(pieces.length);
        }
    }

    private void isHeldBackAt(Provider provider, int most) {
        Heard heard = new Heard();
        Flight flight = send(provider, heard);
        await().until(() -> heard.size() >= HttpUpstreams.WINDOW);
        await().during(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(heard.size()).isLessThanOrEqualTo(most));
        for (int i = 1; i <= 20; i++) {
            int before = heard.size();
            flight.request(16 * 1024);
            await().until(() -> heard.size() > before);
        }
        await().during(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(heard.size()).isLessThanOrEqualTo(20 * 16 * 1024 + most));
        flight.abort();
    }

    @Test
    void aSenderThatNeverPausesCannotPushMoreThanTheWindowToWhoDoesNotRead() {
        clear.always(this::pourInto);
        isHeldBackAt(one(), HttpUpstreams.WINDOW + 8 * 1024);
    }

    @Test
    void norCanOneOverTls() {
        secret.always(this::pourInto);
        Provider provider = provider("one", secret.uri(), trusting(AUTHORITY.authorityTo(folder.resolve("ca.pem"))));
        isHeldBackAt(provider, HttpUpstreams.WINDOW + 64 * 1024);
    }
}
