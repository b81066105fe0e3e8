package dev.tollgate.credential;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import dev.tollgate.Header;
import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.ServiceAccountFile;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorizerTest {
    private static final ToSign REQUEST =
            new ToSign("POST", URI.create("https://provider.example/x"), List.of(), "{}".getBytes(UTF_8));
    private static final Credential.Entra ENTRA = new Credential.Entra(
            URI.create("https://login.example"), "tenant", "client", new Secret("canary-secret"), "scope/.default");
    private static final Credential.Aws CHAIN = new Credential.Aws("bedrock", "us-east-1", null, null);
    private static final String KEYS = "{\"Code\":\"Success\",\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"s\","
            + "\"Token\":\"session\",\"Expiration\":\"2026-11-24T18:00:00Z\"}";

    private final List<Fetcher.Request> asked = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir
    Path home;

    // --- Entra ID

    @Test
    void anApplicationsTokenIsAskedForOnceAndRenewedAheadOfItsEnd() {
        Authorizer authorizer = authorizer(request -> token("t" + asked.size(), 3600));

        assertThat(bearer(authorizer, ENTRA)).isEqualTo("Bearer t1");
        now = now.plus(Duration.ofMinutes(54));
        assertThat(bearer(authorizer, ENTRA)).isEqualTo("Bearer t1");
        now = now.plus(Duration.ofMinutes(2));
        bearer(authorizer, ENTRA);

        assertThat(asked).hasSize(2);
        assertThat(bearer(authorizer, ENTRA)).isEqualTo("Bearer t2");
        assertThat(asked.get(0).uri()).hasToString("https://login.example/tenant/oauth2/v2.0/token");
        assertThat(form(asked.get(0)))
                .isEqualTo(Map.of(
                        "grant_type", "client_credentials",
                        "client_id", "client",
                        "client_secret", "canary-secret",
                        "scope", "scope/.default"));
    }

    @Test
    void aFailedRenewalLeavesTheGoodTokenInUse() {
        Authorizer authorizer = authorizer(request -> asked.size() == 1 ? token("good", 600) : answer(503, "{}"));
        bearer(authorizer, ENTRA);

        now = now.plus(Duration.ofMinutes(6));
        assertThat(bearer(authorizer, ENTRA)).isEqualTo("Bearer good");
        assertThat(bearer(authorizer, ENTRA)).isEqualTo("Bearer good");
        assertThat(asked).as("not again at once").hasSize(2);
        now = now.plus(Duration.ofMinutes(5));

        assertThatThrownBy(() -> bearer(authorizer, ENTRA)).hasMessageContaining("status 503");
    }

    @Test
    void aFailureNamesTheServiceAndNoSecret() {
        Authorizer authorizer = authorizer(request ->
                answer(401, "{\"error\":\"invalid_client\",\"error_description\":\"bad secret canary-secret\"}"));

        assertThatThrownBy(() -> bearer(authorizer, ENTRA))
                .hasMessageContaining("Microsoft Entra ID answered with status 401 (invalid_client)")
                .hasMessageNotContaining("canary");
    }

    @Test
    void whoComesDuringARenewalWaitsForTheSameOne() {
        CompletableFuture<Fetcher.Answer> slow = new CompletableFuture<>();
        Authorizer authorizer = new Authorizer(fetcher(request -> slow), machine(), () -> now);

        CompletableFuture<List<Header>> one =
                authorizer.authorize(ENTRA, REQUEST).toCompletableFuture();
        CompletableFuture<List<Header>> two =
                authorizer.authorize(ENTRA, REQUEST).toCompletableFuture();
        assertThat(one).isNotDone();
        slow.complete(token("t", 3600));

        assertThat(two.join()).isEqualTo(one.join());
        assertThat(asked).hasSize(1);
    }

    @Test
    void aRefusedTokenIsNotShownAgainAndAnEqualCredentialSharesTheNewOne() {
        Authorizer authorizer = authorizer(request -> token("t" + asked.size(), 3600));
        bearer(authorizer, ENTRA);
        authorizer.refused(ENTRA);

        assertThat(bearer(authorizer, ENTRA)).isEqualTo("Bearer t2");
        Credential.Entra again = new Credential.Entra(
                ENTRA.authority(), "tenant", "client", new Secret("canary-secret"), "scope/.default");
        authorizer.keep(List.of(again));
        assertThat(bearer(authorizer, again)).isEqualTo("Bearer t2");
        authorizer.keep(List.of());
        assertThat(bearer(authorizer, again)).isEqualTo("Bearer t3");
    }

    // --- Google

    @Test
    void aServiceAccountsTokenIsAskedForWithASignedAssertion() throws Exception {
        String file = Files.readString(Path.of("src/test/resources/config/service-account.json"));
        Credential.ServiceAccount account = ServiceAccountFile.parse(file);
        Authorizer authorizer = authorizer(request -> token("google", 3599));

        assertThat(bearer(authorizer, new Credential.Google(account, "scope"))).isEqualTo("Bearer google");

        assertThat(asked.get(0).uri()).hasToString("https://oauth2.sample.example/token");
        Map<String, String> form = form(asked.get(0));
        assertThat(form).containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        JWSObject assertion = JWSObject.parse(form.get("assertion"));
        assertThat(assertion.verify(new RSASSAVerifier(publicKey(account)))).isTrue();
        assertThat(assertion.getHeader().getKeyID()).isEqualTo("key-1");
        long seconds = now.getEpochSecond();
        assertThat(assertion.getPayload().toJSONObject())
                .isEqualTo(Map.of(
                        "iss", "gateway@sample.example",
                        "aud", "https://oauth2.sample.example/token",
                        "scope", "scope",
                        "iat", seconds,
                        "exp", seconds + 3600));
    }

    private static RSAPublicKey publicKey(Credential.ServiceAccount account) throws Exception {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) ServiceAccountFile.privateKey(account);
        return (RSAPublicKey) KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    }

    @Test
    void aMachineOfGooglesHasATokenOfItsOwn() {
        environment.put("GCE_METADATA_HOST", "127.0.0.1:9");
        Authorizer authorizer = authorizer(request -> token("machine", 600));

        assertThat(bearer(authorizer, new Credential.Google(null, "https://s"))).isEqualTo("Bearer machine");
        assertThat(asked.get(0).uri())
                .hasToString("http://127.0.0.1:9/computeMetadata/v1/instance/service-accounts/default/token"
                        + "?scopes=https%3A%2F%2Fs");
        assertThat(asked.get(0).headers()).contains(new Header("Metadata-Flavor", "Google"));
    }

    @Test
    void theFileThatTheEnvironmentNamesIsTheAccount() {
        environment.put("GOOGLE_APPLICATION_CREDENTIALS", "src/test/resources/config/service-account.json");
        Authorizer authorizer = authorizer(request -> token("file", 600));

        assertThat(bearer(authorizer, new Credential.Google(null, "s"))).isEqualTo("Bearer file");
        assertThat(form(asked.get(0))).containsKey("assertion");
    }

    // --- AWS

    @Test
    void keysOfTheEnvironmentComeFirst() {
        environment.put("AWS_ACCESS_KEY_ID", "AKIAENV");
        environment.put("AWS_SECRET_ACCESS_KEY", "s");
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere");
        environment.put("AWS_ROLE_ARN", "arn");

        assertThat(signedBy(authorizer(request -> answer(500, "")), CHAIN)).isEqualTo("AKIAENV");
    }

    @Test
    void aWebIdentityIsExchangedForKeys() throws IOException {
        Path token = Files.writeString(home.resolve("token"), "jwt-of-kubernetes\n");
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
        environment.put("AWS_ROLE_ARN", "arn:aws:iam::1:role/gateway");
        Authorizer authorizer = authorizer(request -> answer(200, """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                  <AssumeRoleWithWebIdentityResult>
                    <Credentials>
                      <AccessKeyId>ASIAWEB</AccessKeyId>
                      <SecretAccessKey>secret/+</SecretAccessKey>
                      <SessionToken>session==</SessionToken>
                      <Expiration>2026-11-24T13:00:00Z</Expiration>
                    </Credentials>
                  </AssumeRoleWithWebIdentityResult>
                </AssumeRoleWithWebIdentityResponse>"""));

        assertThat(signedBy(authorizer, CHAIN)).isEqualTo("ASIAWEB");
        assertThat(asked.get(0).uri()).hasToString("https://sts.us-east-1.amazonaws.com/");
        assertThat(form(asked.get(0)))
                .containsEntry("Action", "AssumeRoleWithWebIdentity")
                .containsEntry("RoleArn", "arn:aws:iam::1:role/gateway")
                .containsEntry("WebIdentityToken", "jwt-of-kubernetes");
        assertThat(signedBy(authorizer, CHAIN)).isEqualTo("ASIAWEB");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aProfileHasKeys() throws IOException {
        Files.createDirectories(home.resolve(".aws"));
        Files.writeString(home.resolve(".aws/credentials"), """
                # comment = ignored
                [default]
                aws_access_key_id = AKIADEFAULT
                aws_secret_access_key = s
                [gateway]
                aws_access_key_id=AKIAGATEWAY
                aws_secret_access_key=s
                """);
        Files.writeString(home.resolve(".aws/config"), "[profile bare]\nregion = eu-west-1\n");
        Authorizer authorizer = authorizer(request -> answer(500, ""));

        assertThat(signedBy(authorizer, CHAIN)).isEqualTo("AKIADEFAULT");
        assertThat(signedBy(authorizer, new Credential.Aws("bedrock", "us-east-1", null, "gateway")))
                .isEqualTo("AKIAGATEWAY");
        assertThatThrownBy(() -> signedBy(authorizer, new Credential.Aws("bedrock", "us-east-1", null, "bare")))
                .hasMessageContaining("'bare' has neither keys nor a web identity");
    }

    @Test
    void aContainersRoleHasKeys() throws IOException {
        environment.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1");
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic x");

        assertThat(signedBy(authorizer(request -> answer(200, KEYS.formatted("ASIAECS"))), CHAIN))
                .isEqualTo("ASIAECS");
        assertThat(asked.get(0).uri()).hasToString("http://169.254.170.2/v2/credentials/1");
        assertThat(asked.get(0).headers()).contains(new Header("Authorization", "Basic x"));
    }

    @Test
    void aContainersKeysAreNotAskedForInTheOpen() {
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://elsewhere.example/keys");

        assertThatThrownBy(() -> signedBy(authorizer(request -> answer(200, KEYS.formatted("X"))), CHAIN))
                .hasMessageContaining("neither https nor at home");
        assertThat(asked).isEmpty();
    }

    @Test
    void aMachinesRoleHasKeys() {
        environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9");
        Authorizer authorizer = authorizer(request -> switch (asked.size()) {
            case 1 -> answer(200, "session-token");
            case 2 -> answer(200, "gateway-role\n");
            default -> answer(200, KEYS.formatted("ASIAEC2"));
        });

        assertThat(signedBy(authorizer, CHAIN)).isEqualTo("ASIAEC2");
        assertThat(asked.stream()
                        .map(request -> request.method() + " " + request.uri().getPath()))
                .containsExactly(
                        "PUT /latest/api/token",
                        "GET /latest/meta-data/iam/security-credentials/",
                        "GET /latest/meta-data/iam/security-credentials/gateway-role");
        assertThat(asked.get(2).headers()).contains(new Header("X-aws-ec2-metadata-token", "session-token"));
    }

    @Test
    void withoutAnyKeysTheMessageSaysWhereTheyWereLookedFor() {
        environment.put("AWS_EC2_METADATA_DISABLED", "true");

        assertThatThrownBy(() -> signedBy(authorizer(request -> answer(500, "")), CHAIN))
                .hasMessageContaining("no keys of AWS were found");
    }

    // --- what they share

    private Authorizer authorizer(Function<Fetcher.Request, Fetcher.Answer> service) {
        return new Authorizer(
                fetcher(request -> CompletableFuture.completedFuture(service.apply(request))), machine(), () -> now);
    }

    private Machine machine() {
        return new Machine(environment, home);
    }

    private Fetcher fetcher(Function<Fetcher.Request, CompletionStage<Fetcher.Answer>> service) {
        return new Fetcher() {
            @Override
            public CompletionStage<Answer> fetch(Request request) {
                asked.add(request);
                return service.apply(request);
            }

            @Override
            public void close() {}
        };
    }

    private static String bearer(Authorizer authorizer, Credential credential) {
        return header(authorizer, credential, "Authorization");
    }

    private static String signedBy(Authorizer authorizer, Credential credential) {
        String authorization = header(authorizer, credential, "Authorization");
        return authorization.replaceAll(".*Credential=([^/]+)/.*", "$1");
    }

    private static String header(Authorizer authorizer, Credential credential, String name) {
        try {
            return authorizer.authorize(credential, REQUEST).toCompletableFuture().get(10, TimeUnit.SECONDS).stream()
                    .filter(header -> header.name().equalsIgnoreCase(name))
                    .map(Header::value)
                    .findFirst()
                    .orElseThrow();
        } catch (ExecutionException e) {
            throw new AssertionError(CredentialException.of(e.getCause()).getMessage());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Fetcher.Answer token(String token, int seconds) {
        return answer(
                200, "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":" + seconds + "}");
    }

    private static Fetcher.Answer answer(int status, String body) {
        return new Fetcher.Answer(status, body.getBytes(UTF_8));
    }

    private static Map<String, String> form(Fetcher.Request request) {
        Map<String, String> fields = new HashMap<>();
        for (String field : new String(request.body(), UTF_8).split("&")) {
            String[] pair = field.split("=", 2);
            fields.put(pair[0], URLDecoder.decode(pair[1], UTF_8));
        }
        return fields;
    }
}
