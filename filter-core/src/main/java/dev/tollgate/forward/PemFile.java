package dev.tollgate.forward;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates or a private key as text, as OpenSSL writes them. */
final class PemFile {
    private static final Pattern SECTION =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> KINDS_OF_KEYS = List.of("RSA", "EC", "EdDSA");

    private PemFile() {}

    /** @throws IOException when it cannot be read, or holds no certificate */
    static List<Certificate> certificates(Path file) throws IOException {
        List<Certificate> found;
        try {
            StringBuilder sections = new StringBuilder();
            SECTION.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .results()
                    .filter(section -> section.group(1).endsWith("CERTIFICATE"))
                    .forEach(section -> sections.append(section.group()).append('\n'));
            byte[] text = sections.toString().getBytes(StandardCharsets.ISO_8859_1);
            found = List.copyOf(
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(text)));
        } catch (CertificateException e) {
            throw new IOException(file.getFileName() + " holds a certificate that cannot be read", e);
        }
        if (found.isEmpty()) {
            throw new IOException(file.getFileName() + " holds no certificate in PEM");
        }
        return found;
    }

    /** @throws IOException when it cannot be read, or holds no private key in PKCS #8 */
    static PrivateKey privateKey(Path file) throws IOException {
        Matcher section = SECTION.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (section.find()) {
            if (section.group(1).equals("PRIVATE KEY")) {
                return key(file, Base64.getMimeDecoder().decode(section.group(2)));
            }
        }
        throw new IOException(file.getFileName()
                + " holds no private key that begins with BEGIN PRIVATE KEY; openssl pkcs8 -topk8 -nocrypt makes one");
    }

    private static PrivateKey key(Path file, byte[] encoded) throws IOException {
        for (String kind : KINDS_OF_KEYS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException other) {
                // it is of another kind
            } catch (GeneralSecurityException e) {
                throw new IOException("keys of the kind " + kind + " cannot be read here", e);
            }
        }
        throw new IOException(file.getFileName() + " holds a private key that is neither of RSA, EC nor EdDSA");
    }
}
