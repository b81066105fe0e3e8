package dev.tollgate.provider;

import dev.tollgate.Secret;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Credential.ServiceAccount;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The JSON file that Google gives out for a key of a service account. */
public final class ServiceAccountFile {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[::1]");

    private ServiceAccountFile() {}

    /**
     * Reads the text of such a file.
     *
     * @throws IllegalArgumentException with what is wrong with it, as the end of a sentence and without anything secret
     */
    public static ServiceAccount parse(String text) {
        JsonNode key = json(text);
        if (!key.path("type").asString("").equals("service_account")) {
            throw new IllegalArgumentException("is not of the type 'service_account'");
        }
        JsonNode id = key.path("private_key_id");
        ServiceAccount account = new ServiceAccount(
                text(key, "client_email"),
                id.isString() ? id.stringValue() : null,
                new Secret(text(key, "private_key")),
                tokenUri(text(key, "token_uri")));
        try {
            privateKey(account);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("holds no RSA private key that can be read");
        }
        return account;
    }

    private static JsonNode json(String text) {
        try {
            return Json.read(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("is not the JSON file that Google gives out");
        }
    }

    private static String text(JsonNode key, String name) {
        String text = key.path(name).asString("");
        if (text.isBlank()) {
            throw new IllegalArgumentException("has no '" + name + "'");
        }
        return text;
    }

    /** What this place answers is shown to Google, so nobody between may write it. */
    private static URI tokenUri(String text) {
        try {
            URI uri = URI.create(text);
            String host = String.valueOf(uri.getHost());
            boolean atHome =
                    "http".equals(uri.getScheme()) && LOOPBACK.matcher(host).matches();
            if (uri.getHost() != null && ("https".equals(uri.getScheme()) || atHome)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IllegalArgumentException("has a 'token_uri' that is no https URL");
    }

    /** The account's key. */
    public static PrivateKey privateKey(ServiceAccount account) throws GeneralSecurityException {
        String pem = account.privateKey().reveal().replaceAll("-----[A-Z ]+-----", "");
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem);
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not Base64");
        }
    }
}
