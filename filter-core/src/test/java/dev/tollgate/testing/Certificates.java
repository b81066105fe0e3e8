package dev.tollgate.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/** An authority of its own, and the certificates it signs: good ones, and such as must not be taken. */
public final class Certificates {
    private static final byte[] COMMON_NAMES = {0x55, 0x1d, 0x11};
    private static final byte[] CONSTRAINTS = {0x55, 0x1d, 0x13};

    private final String kind;
    private final KeyPair keys;
    private final X509Certificate authority;

    private Certificates(String kind) {
        this.kind = kind;
        this.keys = keyPair(kind);
        X500Principal name = new X500Principal("CN=An authority " + new SecureRandom().nextInt(1 << 30));
        this.authority = sign(name, name, keys, keys, Instant.now(), List.of(), true);
    }

    /** An authority whose keys, like those it signs for, are on elliptic curves. */
    public static Certificates ec() {
        return new Certificates("EC");
    }

    /** An authority whose keys, like those it signs for, are RSA. */
    public static Certificates rsa() {
        return new Certificates("RSA");
    }

    /** A certificate with its key and the chain to its authority. */
    public record Identity(PrivateKey key, List<X509Certificate> chain) {

        /** What a server shows that asks for nothing. */
        public SSLContext server() {
            return context(null);
        }

        /** What a server shows that asks its clients for a certificate of an authority. */
        public SSLContext serverThatTrusts(Certificates authority) {
            return context(authority);
        }

        private SSLContext context(Certificates trusted) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                KeyStore store = store();
                store.setKeyEntry("own", key, new char[0], chain.toArray(Certificate[]::new));
                KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                shown.init(store, new char[0]);
                context.init(shown.getKeyManagers(), trusted == null ? null : trusted.trust(), null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Writes the chain in PEM. */
        public Path certificateTo(Path file) {
            return write(file, pem(chain));
        }

        /** Writes the key in PEM. */
        public Path keyTo(Path file) {
            return write(file, section("PRIVATE KEY", key.getEncoded()));
        }
    }

    /** One for this host, by its address and by its name. */
    public Identity forLoopback() {
        return signed("localhost", Instant.now(), List.of("127.0.0.1", "localhost"));
    }

    /** One for hosts with these names. */
    public Identity forHosts(String... names) {
        return signed(names[0], Instant.now(), List.of(names));
    }

    /** One whose time is over. */
    public Identity expired() {
        return signed("localhost", Instant.now().minus(Duration.ofDays(90)), List.of("127.0.0.1", "localhost"));
    }

    /** One for another host. */
    public Identity forAnotherHost() {
        return signed("elsewhere", Instant.now(), List.of("elsewhere.invalid"));
    }

    /** One for a client. */
    public Identity forClient(String name) {
        return signed(name, Instant.now(), List.of());
    }

    private Identity signed(String name, Instant when, List<String> hosts) {
        KeyPair own = keyPair(kind);
        X500Principal subject = new X500Principal("CN=" + name);
        X509Certificate certificate = sign(subject, authority.getSubjectX500Principal(), own, keys, when, hosts, false);
        return new Identity(own.getPrivate(), List.of(certificate, authority));
    }

    /** Writes the authority's certificate in PEM, after some words as OpenSSL writes them. */
    public Path authorityTo(Path file) {
        return write(file, "subject=CN = whoever\n\n" + pem(List.of(authority)));
    }

    private javax.net.ssl.TrustManager[] trust() throws GeneralSecurityException {
        KeyStore store = store();
        store.setCertificateEntry("authority", authority);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        return trusted.getTrustManagers();
    }

    private static KeyStore store() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return store;
    }

    private static KeyPair keyPair(String kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            generator.initialize(kind.equals("RSA") ? 2048 : 256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // --- X.509, as RFC 5280 has it

    private static X509Certificate sign(
            X500Principal subject,
            X500Principal issuer,
            KeyPair own,
            KeyPair issuers,
            Instant when,
            List<String> hosts,
            boolean authority) {
        String algorithm = issuers.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] identifier = algorithm.equals("SHA256withRSA")
                ? der(0x30, oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(0x05))
                : der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
        byte[] extension = authority
                ? extension(CONSTRAINTS, der(0x30, der(0x01, new byte[] {(byte) 0xff})))
                : hosts.isEmpty() ? new byte[0] : extension(COMMON_NAMES, names(hosts));
        byte[] toBeSigned = der(
                0x30,
                der(0xa0, der(0x02, new byte[] {2})),
                der(0x02, new BigInteger(63, new SecureRandom()).toByteArray()),
                identifier,
                issuer.getEncoded(),
                der(0x30, time(when.minus(Duration.ofDays(1))), time(when.plus(Duration.ofDays(30)))),
                subject.getEncoded(),
                own.getPublic().getEncoded(),
                extension.length == 0 ? extension : der(0xa3, der(0x30, extension)));
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(issuers.getPrivate());
            signature.update(toBeSigned);
            byte[] whole = der(0x30, toBeSigned, identifier, der(0x03, new byte[] {0}, signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] extension(byte[] id, byte[] value) {
        return der(0x30, der(0x06, id), der(0x01, new byte[] {(byte) 0xff}), der(0x04, value));
    }

    private static byte[] names(List<String> hosts) {
        byte[][] names = new byte[hosts.size()][];
        for (int i = 0; i < names.length; i++) {
            String host = hosts.get(i);
            boolean address = Character.isDigit(host.charAt(0));
            names[i] = address ? der(0x87, address(host)) : der(0x82, host.getBytes(StandardCharsets.US_ASCII));
        }
        return der(0x30, names);
    }

    private static byte[] address(String host) {
        try {
            return InetAddress.getByName(host).getAddress();
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static byte[] time(Instant when) {
        String text = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(when);
        return der(0x17, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] oid(int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return der(0x06, content);
    }

    private static byte[] der(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int size = content.size();
        if (size < 0x80) {
            whole.write(size);
        } else {
            byte[] length = BigInteger.valueOf(size).toByteArray();
            int zeros = length[0] == 0 ? 1 : 0;
            whole.write(0x80 | (length.length - zeros));
            whole.write(length, zeros, length.length - zeros);
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    // --- PEM

    private static String pem(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate one : chain) {
                text.append(section("CERTIFICATE", one.getEncoded()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private static String section(String name, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + name + "-----\n" + lines + "\n-----END " + name + "-----\n";
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
