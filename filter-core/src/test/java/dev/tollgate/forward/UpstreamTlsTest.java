package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Provider;
import dev.tollgate.testing.Certificates;
import dev.tollgate.testing.FakeUpstream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the gateway trusts over TLS, and what it shows. */
class UpstreamTlsTest extends UpstreamBase {
    private static final Certificates EC = Certificates.ec();
    private static final Certificates RSA = Certificates.rsa();

    @TempDir
    Path folder;

    private final List<FakeUpstream> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeProviders() {
        open.forEach(FakeUpstream::close);
    }

    private FakeUpstream provider(Certificates.Identity identity) {
        return opened(FakeUpstream.tls(identity.server(), socket -> {}));
    }

    private FakeUpstream opened(FakeUpstream provider) {
        open.add(provider);
        return provider.always(peer -> peer.json(200, "{\"ok\":true}"));
    }

    private Provider trusting(FakeUpstream upstream, Certificates authority) {
        return provider("one", upstream.uri(), trusting(authority.authorityTo(folder.resolve("ca.pem"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void anAuthorityThatIsAddedIsTrusted(String kind) {
        Certificates authority = kind.equals("EC") ? EC : RSA;
        FakeUpstream upstream = provider(authority.forLoopback());

        Heard heard = sendAndWait(trusting(upstream, authority));

        assertThat(heard.failure()).isNull();
        assertThat(heard.text()).isEqualTo("{\"ok\":true}");
    }

    private void isRefused(Provider provider, FakeUpstream upstream, String... reasons) {
        Heard heard = sendAndWait(provider);
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.TLS);
        assertThat(heard.failure().detail()).containsAnyOf(reasons);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void aCertificateWhoseTimeIsOverIsRefused() {
        FakeUpstream upstream = provider(EC.expired());
        isRefused(trusting(upstream, EC), upstream, "NotAfter");
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() {
        FakeUpstream upstream = provider(EC.forAnotherHost());
        isRefused(trusting(upstream, EC), upstream, "No subject alternative names matching IP address 127.0.0.1");
    }

    @Test
    void anUnknownAuthorityIsRefused() {
        FakeUpstream upstream = provider(EC.forLoopback());
        isRefused(provider("one", upstream.uri(), Handling.Transport.DEFAULT), upstream, "unable to find valid");
        isRefused(trusting(upstream, RSA), upstream, "unable to find valid");
    }

    /** A JVM cannot be brought to speak it, so this one writes the beginning of such an answer itself. */
    @Test
    void anOldVersionOfTlsIsRefused() throws Exception {
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        hello.writeBytes(new byte[] {0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1});
        hello.writeBytes(new byte[32]);
        hello.writeBytes(new byte[] {0, (byte) 0xc0, 0x13, 0});
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Heard heard = new Heard();
            send(
                    provider(
                            "one",
                            URI.create("https://127.0.0.1:" + server.getLocalPort()),
                            Handling.Transport.DEFAULT),
                    heard);
            try (Socket socket = server.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                in.readNBytes(3);
                in.readNBytes(in.readUnsignedShort());
                socket.getOutputStream().write(hello.toByteArray());
                await().until(heard::isOver);
            }
            assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.TLS);
            assertThat(heard.failure().detail()).contains("TLS10");
        }
    }

    @Test
    void aProviderThatSpeaksNoTlsIsRefused() {
        FakeUpstream upstream = opened(new FakeUpstream());
        Provider provider = provider(
                "one", URI.create("https://127.0.0.1:" + upstream.uri().getPort()), Handling.Transport.DEFAULT);
        Heard heard = new Heard();
        send(provider, heard, java.time.Duration.ofMillis(500));
        await().until(heard::isOver);
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.TLS);
        assertThat(upstream.requests()).isEmpty();
    }

    // --- what the gateway shows

    private FakeUpstream asking(List<String> seen) {
        return opened(FakeUpstream.tls(
                        RSA.forLoopback().serverThatTrusts(EC), socket -> socket.setNeedClientAuth(true)))
                .always(peer -> {
                    seen.add(((X509Certificate) peer.certificates().get(0))
                            .getSubjectX500Principal()
                            .getName());
                    peer.json(200, "{}");
                });
    }

    private Provider showing(FakeUpstream upstream, @Nullable Path certificate, @Nullable Path key) {
        Path ca = RSA.authorityTo(folder.resolve("ca.pem"));
        return provider("one", upstream.uri(), new Handling.Transport(9, 9, false, null, ca, certificate, key));
    }

    @Test
    void aClientCertificateIsShownToWhoAsks() {
        List<String> seen = new CopyOnWriteArrayList<>();
        FakeUpstream upstream = asking(seen);
        Certificates.Identity gateway = EC.forClient("gateway");

        Provider provider = showing(
                upstream,
                gateway.certificateTo(folder.resolve("client.pem")),
                gateway.keyTo(folder.resolve("client.key")));

        assertThat(sendAndWait(provider).failure()).isNull();
        await().until(() -> http.inUse() == 0);
        assertThat(sendAndWait(provider).failure()).isNull();
        assertThat(seen).containsExactly("CN=gateway", "CN=gateway");
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void withoutOneTheProviderIsNotReached() {
        List<String> seen = new CopyOnWriteArrayList<>();
        FakeUpstream upstream = asking(seen);

        Heard heard = sendAndWait(showing(upstream, null, null));

        assertThat(heard.failure()).isNotNull();
        assertThat(seen).isEmpty();
    }

    private enum Unreadable {
        MISSING,
        EMPTY,
        NOT_PEM,
        PKCS_1
    }

    @ParameterizedTest
    @EnumSource(Unreadable.class)
    void whatCannotBeReadIsAFailureToConnectUntilItCan(Unreadable how) throws IOException {
        List<String> seen = new CopyOnWriteArrayList<>();
        FakeUpstream upstream = asking(seen);
        Certificates.Identity gateway = EC.forClient("gateway");
        Path key = folder.resolve("client.key");
        Provider provider = showing(upstream, gateway.certificateTo(folder.resolve("client.pem")), key);
        switch (how) {
            case MISSING -> assertThat(key).doesNotExist();
            case EMPTY -> Files.writeString(key, "");
            case NOT_PEM -> Files.write(key, gateway.key().getEncoded());
            case PKCS_1 ->
                Files.writeString(key, "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        }

        Heard heard = sendAndWait(provider);

        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.CONNECT);
        assertThat(heard.failure().detail()).contains("client.key");
        assertThat(upstream.connections()).isZero();

        gateway.keyTo(key);
        assertThat(sendAndWait(provider).failure()).isNull();
        assertThat(seen).hasSize(1);
    }

    @Test
    void aCertificateThatIsReplacedIsShownFromThenOn() {
        List<String> seen = new CopyOnWriteArrayList<>();
        FakeUpstream upstream = asking(seen);
        Path certificate = folder.resolve("client.pem");
        Path key = folder.resolve("client.key");
        Certificates.Identity first = EC.forClient("first");
        Provider provider = showing(upstream, first.certificateTo(certificate), first.keyTo(key));
        sendAndWait(provider);

        Certificates.Identity second = EC.forClient("second-with-a-longer-name");
        second.certificateTo(certificate);
        second.keyTo(key);
        http.keep(List.of(provider));

        await().untilAsserted(() -> {
            sendAndWait(provider);
            assertThat(seen).endsWith("CN=second-with-a-longer-name");
        });
    }

    @Test
    void aCertificateThatCannotBeReadAnyMoreLeavesTheFormerInUse() throws IOException {
        List<String> seen = new CopyOnWriteArrayList<>();
        FakeUpstream upstream = asking(seen);
        Certificates.Identity gateway = EC.forClient("gateway");
        Path certificate = gateway.certificateTo(folder.resolve("client.pem"));
        Provider provider = showing(upstream, certificate, gateway.keyTo(folder.resolve("client.key")));
        sendAndWait(provider);

        Files.delete(certificate);
        http.keep(List.of(provider));

        assertThat(sendAndWait(provider).failure()).isNull();
        assertThat(seen).hasSize(2);
    }

    // --- clients come and go

    @Test
    void aClientThatNoProviderNeedsAnyMoreIsClosedWhenItsLastCallHasEnded() {
        FakeUpstream upstream = provider(EC.forLoopback());
        upstream.always(peer -> peer.await(gate).json(200, "{}"));
        Provider special = trusting(upstream, EC);
        Heard heard = new Heard();
        send(special, heard);
        await().until(() -> upstream.playing() == 1);
        assertThat(http.clients()).isEqualTo(2);

        http.keep(List.of());

        assertThat(http.clients()).isEqualTo(2);
        gate.countDown();
        await().until(heard::isOver);
        assertThat(heard.failure()).isNull();
        await().until(() -> http.clients() == 1);
        await().until(() -> upstream.closedByClient() == 1);
        assertThat(sendAndWait(special).failure()).isNull();
    }

    @Test
    void providersWithTheSameSettingsShareAClient() {
        FakeUpstream upstream = provider(EC.forLoopback());
        Path ca = EC.authorityTo(folder.resolve("ca.pem"));
        sendAndWait(provider("one", upstream.uri(), trusting(ca)));
        sendAndWait(provider("two", upstream.uri(), new Handling.Transport(5, 5, false, null, ca, null, null)));

        assertThat(http.clients()).isEqualTo(2);
        assertThat(upstream.connections()).isEqualTo(1);
    }
}
