package dev.tollgate.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.Part.Source;
import dev.tollgate.config.Settings;
import dev.tollgate.testing.FakeUpstream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpMediaFetcherTest {
    private static final String FILE = "GIF89a and so on";

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    private final FakeUpstream server = new FakeUpstream().always(peer -> peer.answer(200, "text/html", FILE));
    private final FakeUpstream other = new FakeUpstream();
    private final AtomicInteger lookups = new AtomicInteger();
    private final int port = server.uri().getPort();

    @AfterEach
    void close() {
        server.close();
        other.close();
        timers.shutdownNow();
    }

    /** Fetches with a name server that gives these addresses for every name. */
    private Map<String, Source.Inline> fetch(String url, List<String> hosts, String... addresses) {
        return fetch(url, hosts, Duration.ofSeconds(10), addresses);
    }

    private Map<String, Source.Inline> fetch(String url, List<String> hosts, Duration most, String... addresses) {
        HttpMediaFetcher.Lookup names = host -> {
            lookups.incrementAndGet();
            InetAddress[] found = new InetAddress[addresses.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = InetAddress.getByName(addresses[i]);
            }
            return found;
        };
        try (HttpMediaFetcher fetcher = new HttpMediaFetcher(names, most, timers)) {
            return fetcher.fetch(Set.of(url), new Settings.Media(hosts, 1_000))
                    .toCompletableFuture()
                    .join();
        }
    }

    private List<String> listed() {
        return List.of("http://images.test:" + port, "127.0.0.1");
    }

    private String url() {
        return "http://images.test:" + port + "/a.png";
    }

    @Test
    void aFileOfAListedHostIsFetchedByWhatItIsAndNotByWhatItIsCalled() {
        Map<String, Source.Inline> fetched = fetch(url(), listed(), "127.0.0.1");

        assertThat(fetched)
                .containsExactly(Map.entry(
                        url(),
                        new Source.Inline("image/gif", Base64.getEncoder().encodeToString(FILE.getBytes(ISO_8859_1)))));
        assertThat(lookups).hasValue(1);
        assertThat(server.lastRequest().line()).startsWith("GET /a.png ");
        assertThat(server.lastRequest().headers()).doesNotContainKeys("authorization", "cookie", "proxy-authorization");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1.2.3",
                "0.0.0.0",
                "10.0.0.1",
                "172.31.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001::1",
                "2001:db8::1"
            })
    void aListedNameThatLeadsInsideIsNotFollowed(String address) throws UnknownHostException {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isFalse();
        assertThat(fetch(url(), List.of("http://images.test:" + port), address)).isEmpty();
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "198.20.0.1", "2606:4700::1111", "64:ff9b::808:808"})
    void publicAddressesArePublic(String address) throws UnknownHostException {
        assertThat(PublicAddress.is(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void aNameWithOneAddressInsideIsNotFollowedToTheOthers() {
        assertThat(fetch(url(), List.of("http://images.test:" + port), "8.8.8.8", "127.0.0.1"))
                .isEmpty();
        assertThat(server.connections()).isZero();
    }

    @Test
    void aNameServerThatChangesItsMindIsNotAskedAgain() {
        AtomicInteger asked = new AtomicInteger();
        HttpMediaFetcher.Lookup rebinding = host -> {
            String address = asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2";
            return new InetAddress[] {InetAddress.getByName(address)};
        };
        try (HttpMediaFetcher fetcher = new HttpMediaFetcher(rebinding, Duration.ofSeconds(10), timers)) {
            assertThat(fetcher.fetch(Set.of(url()), new Settings.Media(listed(), 1_000))
                            .toCompletableFuture()
                            .join())
                    .hasSize(1);
        }
        assertThat(asked).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433:%d/a",
                "http://0x7f000001:%d/a",
                "http://0177.0.0.1:%d/a",
                "http://127.1:%d/a",
                "http://localhost:%d/a",
                "http://[::1]:%d/a",
                "http://[::ffff:127.0.0.1]:%d/a",
                "http://images.test@127.0.0.1:%d/a",
                "http://user:pass@images.test:%d/a",
                "http://127.0.0.1:%d#@images.test/a",
                "http://127.0.0.1:%d\\@images.test/a",
                "http://images.test.evil.example:%d/a",
                "http://images.test\u3002evil:%d/a",
                "https://images.test:%d/a",
                "http://images.test/a?%d",
                "http://other.test:%d/a",
                "ftp://images.test:%d/a",
                "file:///etc/passwd?%d",
                "//images.test:%d/a",
                "data:image/png,%d"
            })
    void whatIsNotListedAsItIsSpeltIsNotFetched(String url) {
        assertThat(fetch(url.formatted(port), List.of("http://images.test:" + port, "images.test"), "127.0.0.1"))
                .isEmpty();
        assertThat(server.connections()).isZero();
    }

    @Test
    void aRedirectIsNotFollowed() {
        server.then(peer -> peer.answer(302, "text/plain", "", "Location: " + other.uri()));

        assertThat(fetch(url(), listed(), "127.0.0.1")).isEmpty();
        assertThat(other.connections()).isZero();
    }

    @Test
    void whatIsTooLargeIsLeftOut() {
        server.then(peer -> peer.answer(200, "image/png", FILE + "x".repeat(2_000)));

        assertThat(fetch(url(), listed(), "127.0.0.1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "<svg xmlns='http://www.w3.org/2000/svg'/>", "", "RIFF"})
    void whatIsNoKnownKindOfFileIsLeftOut(String file) {
        server.then(peer -> peer.answer(200, "image/png", file));

        assertThat(fetch(url(), listed(), "127.0.0.1")).isEmpty();
    }

    @Test
    void whatTakesTooLongIsLeftOut() {
        server.then(peer -> peer.head(200, "Content-Length: 100").raw("\u0089PNG"));

        assertThat(fetch(url(), listed(), Duration.ofMillis(300), "127.0.0.1")).isEmpty();
    }

    @Test
    void nothingListedNothingFetched() {
        assertThat(fetch(url(), List.of(), "127.0.0.1")).isEmpty();
        assertThat(lookups).hasValue(0);
    }

    @Test
    void filesAreToldByTheirFirstBytes() {
        Map.of(
                        "\u0089PNG\r\n\u001a\n", "image/png",
                        "\u00ff\u00d8\u00ff\u00e0", "image/jpeg",
                        "GIF89a", "image/gif",
                        "RIFF....WEBP", "image/webp",
                        "RIFF....WAVE", "audio/wav",
                        "%PDF-1.7", "application/pdf",
                        "ID3", "audio/mp3")
                .forEach((head, type) -> assertThat(MediaKinds.of((head + "more").getBytes(ISO_8859_1)))
                        .as(Arrays.toString(head.getBytes(ISO_8859_1)))
                        .contains(type));
    }
}
