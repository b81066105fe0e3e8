package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.provider.Provider;
import dev.tollgate.testing.Certificates;
import dev.tollgate.testing.FakeProxy;
import dev.tollgate.testing.FakeUpstream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to providers that lead through a forward proxy. No name of a provider can be looked up here. */
class UpstreamProxyTest extends UpstreamBase {
    private static final Certificates AUTHORITY = Certificates.ec();

    @TempDir
    Path folder;

    private final FakeUpstream clear = new FakeUpstream().always(peer -> peer.json(200, "{\"ok\":true}"));
    private final FakeUpstream secret = FakeUpstream.tls(AUTHORITY.forLoopback().server(), socket -> {})
            .always(peer -> peer.json(200, "{\"ok\":true}"));
    private final FakeProxy toClear = new FakeProxy(clear.uri().getPort());
    private final FakeProxy toSecret = new FakeProxy(secret.uri().getPort());

    @AfterEach
    void closeAll() {
        List.of(clear, secret).forEach(FakeUpstream::close);
        List.of(toClear, toSecret).forEach(FakeProxy::close);
    }

    @Override
    InetAddress[] lookup(String host) throws UnknownHostException {
        if (host.equals("127.0.0.1")) {
            return super.lookup(host);
        }
        throw new UnknownHostException(host);
    }

    private Path ca() {
        return AUTHORITY.authorityTo(folder.resolve("ca.pem"));
    }

    private Provider secretly() {
        return provider("one", URI.create("https://localhost.invalid:443"), proxied(false, toSecret.uri(), ca()));
    }

    @Test
    void requestsInTheClearNameTheirWholeAddress() {
        Provider provider =
                provider("one", URI.create("http://models.invalid:81"), proxied(false, toClear.uri(), null));

        Heard heard = sendAndWait(provider);

        assertThat(heard.text()).isEqualTo("{\"ok\":true}");
        assertThat(toClear.asked()).containsExactly("POST http://models.invalid:81/chat?x=1 HTTP/1.1");
        assertThat(clear.lastRequest().header("host")).contains("models.invalid:81");
    }

    @Test
    void overTlsATunnelIsAskedForThatShowsNothingOfTheRequest() {
        // the certificate is for this host, so the name of the provider must not be verified by another
        Heard heard = sendAndWait(secretly());
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.TLS);
        assertThat(heard.failure().detail()).contains("localhost.invalid");
        assertThat(secret.requests()).isEmpty();
        assertThat(toSecret.asked()).containsExactly("CONNECT localhost.invalid:443 HTTP/1.1");
        assertThat(toSecret.heads().get(0)).doesNotContainIgnoringCase("x-own");
    }

    @Test
    void aTunnelCarriesCallsOneAfterTheOther() {
        FakeUpstream named = FakeUpstream.tls(
                        AUTHORITY.forHosts("models.invalid").server(), socket -> {})
                .always(peer -> peer.json(200, "{\"ok\":true}"));
        try (FakeProxy proxy = new FakeProxy(named.uri().getPort())) {
            Provider provider =
                    provider("one", URI.create("https://models.invalid"), proxied(false, proxy.uri(), ca()));
            for (int i = 0; i < 3; i++) {
                assertThat(sendAndWait(provider).text()).isEqualTo("{\"ok\":true}");
                await().until(() -> http.inUse() == 0);
            }
            assertThat(proxy.asked()).containsExactly("CONNECT models.invalid:443 HTTP/1.1");
            assertThat(named.connections()).isEqualTo(1);
            assertThat(use("one").idle()).isEqualTo(1);
        } finally {
            named.close();
        }
    }

    @Test
    void noProxyLeadsToThisHost() {
        Provider provider = provider("one", clear.uri(), proxied(false, toClear.uri(), null));
        assertThat(sendAndWait(provider).text()).isEqualTo("{\"ok\":true}");
        assertThat(toClear.asked()).isEmpty();
    }

    /** Taken for the provider's own, they would be held against its credentials. */
    @ParameterizedTest
    @ValueSource(ints = {401, 403, 407, 429, 502, 503})
    void whatAProxySaysOfATunnelIsNotTheProvidersAnswer(int status) {
        toSecret.refusing(status);

        Heard heard = sendAndWait(secretly());

        assertThat(heard.status()).isZero();
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.CONNECT);
        assertThat(heard.failure().detail()).contains("proxy").contains(Integer.toString(status));
    }

    @Test
    void aProxyThatIsNotThereIsAFailureToConnect() {
        toSecret.close();
        Heard heard = sendAndWait(secretly());
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.CONNECT);
    }

    @Test
    void aProxyThatSaysNothingIsGivenUpAfterTheConnectTimeout() {
        toSecret.silent();
        Heard heard = new Heard();
        send(secretly(), heard, Duration.ofMillis(300));
        await().atMost(Duration.ofSeconds(3)).until(heard::isOver);
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.CONNECT);
    }

    @Test
    void callsThatAreCalledOffLeaveTheProxyToo() {
        toSecret.silent();
        Heard heard = new Heard();
        Flight flight = send(secretly(), heard);
        await().until(() -> toSecret.asked().size() == 1);
        flight.abort();
        await().until(() -> http.inUse() == 0);
        assertThat(heard.isOver()).isFalse();
    }
}
