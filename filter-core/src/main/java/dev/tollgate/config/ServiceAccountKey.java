package dev.tollgate.config;

import dev.tollgate.Secret;
import dev.tollgate.config.Scalar.NotOne;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Credential.ServiceAccount;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The key of a service account of Google's: a reference to the JSON file that Google gives out. */
final class ServiceAccountKey implements Type<ServiceAccount> {
    static final ServiceAccountKey KEY = new ServiceAccountKey();

    private static final String REFERENCE = "\\$\\{[^}]+\\}";

    private ServiceAccountKey() {}

    @Override
    public Optional<ServiceAccount> read(Node node, Reading reading) {
        if (!(node instanceof ScalarNode scalar) || !scalar.getValue().strip().matches(REFERENCE)) {
            reading.problem(node, "a key must not stand in the file; write ${file:/path} of the key's JSON file");
            return Optional.empty();
        }
        return reading.text(scalar).flatMap(text -> parsed(text, node, reading));
    }

    private static Optional<ServiceAccount> parsed(String text, Node node, Reading reading) {
        try {
            return Optional.of(account(Json.read(text), reading.surroundings().addresses()));
        } catch (JacksonException e) {
            reading.problem(node, "the service account's key is not the JSON file that Google gives out");
        } catch (NotOne e) {
            reading.problem(node, "the service account's key " + e.getMessage());
        }
        return Optional.empty();
    }

    private static ServiceAccount account(JsonNode key, Function<String, List<InetAddress>> addresses) throws NotOne {
        String type = key.path("type").asString("");
        if (!type.equals("service_account")) {
            throw new NotOne("is not of type 'service_account'");
        }
        String privateKey = text(key, "private_key");
        checkKey(privateKey);
        JsonNode id = key.path("private_key_id");
        return new ServiceAccount(
                text(key, "client_email"),
                id.isString() ? id.stringValue() : null,
                new Secret(privateKey),
                tokenUri(text(key, "token_uri"), addresses));
    }

    private static String text(JsonNode key, String name) throws NotOne {
        String text = key.path(name).asString("");
        if (text.isBlank()) {
            throw new NotOne("has no '" + name + "'");
        }
        return text;
    }

    private static void checkKey(String pem) throws NotOne {
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new NotOne("holds no RSA private key that can be read");
        }
    }

    /** Whoever is asked for tokens learns nothing secret, but what it answers is sent to Google. */
    private static URI tokenUri(String text, Function<String, List<InetAddress>> addresses) throws NotOne {
        try {
            URI uri = new URI(text);
            boolean loopback = "http".equals(uri.getScheme())
                    && uri.getHost() != null
                    && addresses.apply(uri.getHost()).stream().allMatch(InetAddress::isLoopbackAddress);
            if (uri.getHost() != null && ("https".equals(uri.getScheme()) || loopback)) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw new NotOne("has a 'token_uri' that is no https URL");
    }

    @Override
    public ObjectNode schema() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "string")
                .put("pattern", "^\\s*" + REFERENCE + "\\s*$");
    }

    @Override
    public String phrase() {
        return "reference to a key's JSON file, as `${file:/path}`";
    }

    @Override
    public JsonNode show(ServiceAccount value) {
        return JsonNodeFactory.instance.stringNode(value.privateKey().toString());
    }
}
