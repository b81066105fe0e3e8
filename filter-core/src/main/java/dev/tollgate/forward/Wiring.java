package dev.tollgate.forward;

import dev.tollgate.provider.Handling;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How connections are made: what of a {@link Handling.Transport} makes a client of its own necessary.
 *
 * @param http2 whether HTTP/2 is spoken, else HTTP/1.1
 * @param proxy the forward proxy, or null for none
 * @param ca PEM certificates of authorities that are trusted besides the JVM's own, or null
 * @param clientCertificate the certificate chain that is shown, in PEM, or null
 * @param clientKey its private key, in PEM, or null
 */
record Wiring(
        boolean http2,
        @Nullable URI proxy,
        @Nullable Path ca,
        @Nullable Path clientCertificate,
        @Nullable Path clientKey) {
    /** HTTP/1.1, directly, with what the JVM trusts. */
    static final Wiring PLAIN = of(Handling.Transport.DEFAULT);

    static Wiring of(Handling.Transport transport) {
        return new Wiring(
                transport.http2(),
                transport.proxy(),
                transport.ca(),
                transport.clientCertificate(),
                transport.clientKey());
    }

    /** The files it is made from. */
    List<Path> files() {
        return Stream.of(ca, clientCertificate, clientKey)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * The state of its files: as long as it is the same, so are they. Blocks.
     *
     * @throws IOException when one is not there
     */
    List<Object> stamp() throws IOException {
        List<Object> stamp = new ArrayList<>();
        for (Path file : files()) {
            BasicFileAttributes state = Files.readAttributes(file, BasicFileAttributes.class);
            stamp.add(state.lastModifiedTime());
            stamp.add(state.size());
            stamp.add(String.valueOf(state.fileKey())); // replaced by renaming within the clock's grain
        }
        return stamp;
    }

    /**
     * What TLS needs: whom to trust, and what to show. Blocks.
     *
     * @throws IOException when a file cannot be read, or is not what it should be
     */
    SSLContext tls() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), trust(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private TrustManager @Nullable [] trust() throws IOException, GeneralSecurityException {
        if (ca == null) {
            return null; // the JVM's own
        }
        KeyStore trusted = emptyStore();
        int count = 0;
        for (Certificate own : jvms()) {
            trusted.setCertificateEntry("jvm-" + count++, own);
        }
        for (Certificate added : PemFile.certificates(ca)) {
            trusted.setCertificateEntry("added-" + count++, added);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static List<X509Certificate> jvms() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        List<X509Certificate> trusted = new ArrayList<>();
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager known) {
                trusted.addAll(List.of(known.getAcceptedIssuers()));
            }
        }
        return trusted;
    }

    private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
        if (clientCertificate == null || clientKey == null) {
            return null; // nothing is shown
        }
        Certificate[] chain = PemFile.certificates(clientCertificate).toArray(Certificate[]::new);
        KeyStore shown = emptyStore();
        shown.setKeyEntry("client", PemFile.privateKey(clientKey), new char[0], chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(shown, new char[0]);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
