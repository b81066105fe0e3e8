package dev.tollgate.credential;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import dev.tollgate.Header;
import dev.tollgate.Secret;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Credential.ServiceAccount;
import dev.tollgate.provider.ServiceAccountFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Access tokens of Google's: for a signed assertion (RFC 7523) where there is a service account's key, otherwise from the
 * machine's metadata server.
 */
final class GoogleTokens {
    private static final long ASSERTION_SECONDS = 3600;
    private static final String METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token?scopes=";

    private final Fetcher fetcher;
    private final InstantSource clock;
    private final Machine machine;

    GoogleTokens(Fetcher fetcher, InstantSource clock, Machine machine) {
        this.fetcher = fetcher;
        this.clock = clock;
        this.machine = machine;
    }

    CompletionStage<Lease<Secret>> ask(Credential.Google credential) {
        ServiceAccount account = credential.account();
        if (account != null) {
            return ofAccount(account, credential.scope());
        }
        String file = machine.variable("GOOGLE_APPLICATION_CREDENTIALS");
        if (file == null) {
            return ofMachine(credential.scope());
        }
        return machine.read(file)
                .thenApply(GoogleTokens::accountIn)
                .thenCompose(found -> ofAccount(found, credential.scope()));
    }

    private static ServiceAccount accountIn(String text) {
        try {
            return ServiceAccountFile.parse(text);
        } catch (IllegalArgumentException e) {
            throw TokenAnswers.failed("the file of GOOGLE_APPLICATION_CREDENTIALS " + e.getMessage());
        }
    }

    private CompletionStage<Lease<Secret>> ofAccount(ServiceAccount account, String scope) {
        Map<String, String> fields = Map.of(
                "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", assertion(account, scope));
        String who = "Google's token service";
        return TokenAnswers.good(fetcher, TokenAnswers.form(account.tokenUri(), fields), who)
                .thenApply(body -> TokenAnswers.token(body, clock, who));
    }

    private String assertion(ServiceAccount account, String scope) {
        long now = clock.instant().getEpochSecond();
        ObjectNode claims = JsonNodeFactory.instance.objectNode();
        claims.put("iss", account.email())
                .put("scope", scope)
                .put("aud", account.tokenUri().toString())
                .put("iat", now)
                .put("exp", now + ASSERTION_SECONDS);
        @Nullable String keyId = account.keyId();
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).type(com.nimbusds.jose.JOSEObjectType.JWT);
        JWSObject assertion = new JWSObject(
                keyId == null ? header.build() : header.keyID(keyId).build(),
                new Payload(new String(Json.write(claims), StandardCharsets.UTF_8)));
        try {
            assertion.sign(new RSASSASigner(ServiceAccountFile.privateKey(account)));
        } catch (JOSEException | GeneralSecurityException e) {
            throw TokenAnswers.failed("the service account's key cannot sign");
        }
        return assertion.serialize();
    }

    private CompletionStage<Lease<Secret>> ofMachine(String scope) {
        String named = machine.variable("GCE_METADATA_HOST");
        String host = named == null ? "metadata.google.internal" : named;
        URI uri = URI.create("http://" + host + METADATA_PATH + TokenAnswers.encoded(scope));
        String who = "Google's metadata server";
        return TokenAnswers.good(fetcher, Fetcher.Request.get(uri, new Header("Metadata-Flavor", "Google")), who)
                .thenApply(body -> TokenAnswers.token(body, clock, who));
    }
}
