package dev.tollgate.config;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The path of a file in PEM (RFC 7468) that can be read. What stands in the file is never told.
 *
 * @param phrase what the file holds
 * @param check why a text is not that, as the end of a sentence that begins with the file; empty when it is
 */
record PemFile(String phrase, Check check) implements Type<Path> {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN (?:RSA|EC|DSA|ENCRYPTED) PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    static final PemFile CERTIFICATES = new PemFile("path of a file of certificates in PEM", PemFile::notCertificates);
    static final PemFile PRIVATE_KEY = new PemFile("path of a file with a private key in PEM", PemFile::notKey);

    /** Looks at the text of a file. */
    interface Check {
        Optional<String> problem(String text);
    }

    @Override
    public Optional<Path> read(Node node, Reading reading) {
        return Scalars.TEXT.read(node, reading).flatMap(text -> checked(text, (ScalarNode) node, reading));
    }

    private Optional<Path> checked(String file, ScalarNode node, Reading reading) {
        Optional<String> problem = reading.fileText(file).map(check::problem).orElse(Optional.of("cannot be read"));
        problem.ifPresent(why -> reading.problem(node, "the file " + node.getValue() + " " + why));
        try {
            return problem.isPresent() ? Optional.empty() : Optional.of(Path.of(file));
        } catch (InvalidPathException e) {
            throw new IllegalStateException("the file has been read", e);
        }
    }

    private static Optional<String> notCertificates(String text) {
        if (!text.contains("-----BEGIN CERTIFICATE-----")) {
            return Optional.of("holds no certificate in PEM");
        }
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of("holds a certificate that cannot be read");
        }
    }

    private static Optional<String> notKey(String text) {
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            return Optional.of(
                    OTHER_KEY.matcher(text).find()
                            ? "holds a key in another form than PKCS #8, or an encrypted one; convert it with 'openssl pkcs8 -topk8 "
                                    + "-nocrypt'"
                            : "holds no private key in PEM");
        }
        return isKey(key.group(1)) ? Optional.empty() : Optional.of("holds a private key that cannot be read");
    }

    private static boolean isKey(String base64) {
        try {
            PKCS8EncodedKeySpec spec =
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
            return ALGORITHMS.stream().anyMatch(algorithm -> isKey(algorithm, spec));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isKey(String algorithm, PKCS8EncodedKeySpec spec) {
        try {
            KeyFactory.getInstance(algorithm).generatePrivate(spec);
            return true;
        } catch (GeneralSecurityException e) {
            return false; // of another algorithm, or none
        }
    }

    @Override
    public ObjectNode schema() {
        return Scalars.TEXT.schema();
    }

    @Override
    public JsonNode show(Path value) {
        return JsonNodeFactory.instance.stringNode(value.toString());
    }
}
