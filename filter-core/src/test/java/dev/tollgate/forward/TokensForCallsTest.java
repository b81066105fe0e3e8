package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.Secret;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.credential.Machine;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.ServiceAccountFile;
import dev.tollgate.provider.Way;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Peer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that wait for a token or for keys, from services that are asked over real connections. */
class TokensForCallsTest extends ForwardingBase {

    /** Who gives out what calls are authenticated with. */
    enum Service {
        GOOGLE,
        GOOGLES_MACHINE,
        ENTRA,
        WEB_IDENTITY,
        CONTAINER,
        MACHINE;

        /** Requests it takes to get one token. */
        int requests() {
            return this == MACHINE ? 3 : 1;
        }
    }

    @TempDir
    Path home;

    private final FakeUpstream tokens = new FakeUpstream().always(this::give);
    private final AtomicInteger given = new AtomicInteger();
    private final CountDownLatch held = new CountDownLatch(1);
    private final Map<String, String> environment = new HashMap<>();
    private volatile Instant now = NOW;
    private Authorizer asking;
    private Forwarder asks;

    @BeforeEach
    void theProviderAnswers() {
        first.always(peer -> peer.json(200, WHOLE));
        second.always(peer -> peer.json(200, WHOLE));
    }

    @AfterEach
    void close() {
        held.countDown();
        asking.close();
        tokens.close();
    }

    /** The next token, or the next keys, as the service of this path gives them. */
    private void give(Peer peer) throws Exception {
        String path = peer.request().line().split(" ")[1];
        String expires = now.plusSeconds(3600).toString();
        if (path.equals("/latest/api/token")) {
            peer.answer(200, "text/plain", "session");
        } else if (path.endsWith("/security-credentials/")) {
            peer.answer(200, "text/plain", "role");
        } else if (path.startsWith("/sts")) {
            peer.answer(
                    200,
                    "text/xml",
                    "<A><AccessKeyId>token-" + given.incrementAndGet() + "</AccessKeyId><SecretAccessKey>s"
                            + "</SecretAccessKey><SessionToken>x</SessionToken><Expiration>" + expires
                            + "</Expiration></A>");
        } else if (path.startsWith("/keys") || path.startsWith("/latest")) {
            peer.json(
                    200,
                    "{\"AccessKeyId\":\"token-" + given.incrementAndGet() + "\",\"SecretAccessKey\":\"s\","
                            + "\"Token\":\"x\",\"Expiration\":\"" + expires + "\"}");
        } else {
            peer.json(
                    200,
                    "{\"access_token\":\"token-" + given.incrementAndGet()
                            + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
        }
    }

    private void holdTheFirst() {
        tokens.then(peer -> {
            peer.await(held);
            give(peer);
        });
    }

    private Provider cloud(Service service) throws Exception {
        Credential credential = credential(service);
        asking = new Authorizer(new TokenFetcher(timers), new Machine(environment, home), () -> now);
        asks = new Forwarder(new Forwarder.Parts(
                http,
                Translator.between(dialects::get),
                new AnswerHeaders(() -> now),
                asking,
                timers,
                () -> now,
                "9.9"));
        return new Provider(
                "cloud",
                "openai",
                first.uri().resolve("/v1"),
                Way.chat(Map.of("openai-chat", "/chat/completions")),
                credential,
                Quirks.NONE);
    }

    private Credential credential(Service service) throws Exception {
        URI at = tokens.uri();
        switch (service) {
            case GOOGLE -> {
                Credential.ServiceAccount account = ServiceAccountFile.parse(
                        Files.readString(Path.of("src/test/resources/config/service-account.json")));
                return new Credential.Google(
                        new Credential.ServiceAccount(
                                account.email(), account.keyId(), account.privateKey(), at.resolve("/token")),
                        "scope");
            }
            case GOOGLES_MACHINE -> {
                environment.put("GCE_METADATA_HOST", at.getAuthority());
                return new Credential.Google(null, "scope");
            }
            case ENTRA -> {
                return new Credential.Entra(at, "tenant", "client", new Secret("secret"), "scope");
            }
            case WEB_IDENTITY -> {
                Path token = Files.writeString(home.resolve("token"), "jwt");
                environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
                environment.put("AWS_ROLE_ARN", "arn:aws:iam::1:role/gateway");
                environment.put("AWS_ENDPOINT_URL_STS", at + "/sts");
            }
            case CONTAINER -> environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", at + "/keys");
            case MACHINE -> environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", at.toString());
        }
        return new Credential.Aws("bedrock", "us-east-1", null, null);
    }

    private CompletableFuture<Void> call(Provider... providers) {
        return run(asks, fixture(new FakeExchange(), providers).call());
    }

    private CallFixture fixture(FakeExchange caller, Provider... providers) {
        return new CallFixture(caller, dialects.get("openai-chat")).to(providers);
    }

    private String shown() {
        return first.lastRequest().header("authorization").orElse("");
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void fiftyCallsAtOnceWaitForOneToken(Service service) throws Exception {
        Provider cloud = cloud(service);
        holdTheFirst();
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(call(cloud));
        }
        await().until(() -> tokens.requests().size() == 1);
        assertThat(first.requests()).isEmpty();
        held.countDown();

        calls.forEach(ForwardingBase::answered);
        assertThat(tokens.requests()).hasSize(service.requests());
        assertThat(first.requests())
                .hasSize(50)
                .allMatch(request -> request.header("authorization").orElse("").contains("token-1"));
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void aTokenIsRenewedAheadOfItsEndAndNobodyWaits(Service service) throws Exception {
        Provider cloud = cloud(service);
        answered(call(cloud));
        now = now.plus(Duration.ofMinutes(56));
        holdTheFirst();

        answered(call(cloud));
        assertThat(shown()).contains("token-1");
        held.countDown();
        await().until(() -> given.get() == 2);
        await().untilAsserted(() -> {
            answered(call(cloud));
            assertThat(shown()).contains("token-2");
        });
        assertThat(tokens.requests()).hasSize(2 * service.requests());
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void withoutATokenTheNextTargetIsAsked(Service service) throws Exception {
        Provider cloud = cloud(service);
        tokens.always(peer -> peer.json(503, "{}"));

        answered(call(cloud, provider("two", second)));

        assertThat(first.requests()).isEmpty();
        assertThat(second.requests()).hasSize(1);
        assertThat(refusalOf(call(cloud)).code()).isEqualTo(ErrorCode.PROVIDER_AUTH_FAILED);
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void aTokenThatTheProviderRefusesIsNotShownAgain(Service service) throws Exception {
        Provider cloud = cloud(service);
        first.then(peer -> peer.json(401, ERROR.formatted("who are you?", "authentication_error")));

        assertThat(refusalOf(call(cloud)).code()).isEqualTo(ErrorCode.PROVIDER_AUTH_FAILED);
        answered(call(cloud));

        assertThat(shown()).contains("token-2");
    }

    @Test
    void aSlowTokenServiceCostsNoMoreThanTheTimeOfTheFirstByte() throws Exception {
        Provider cloud = cloud(Service.ENTRA);
        holdTheFirst();
        Duration little = Duration.ofMillis(100);
        Duration much = Duration.ofSeconds(20);

        CompletableFuture<Void> late = run(
                asks,
                fixture(new FakeExchange(), cloud)
                        .timeouts(much, little, much, much)
                        .call());

        assertThat(refusalOf(late).code()).isEqualTo(ErrorCode.PROVIDER_TIMEOUT);
        held.countDown();
        answered(call(cloud));
        assertThat(first.requests()).hasSize(1);
        assertThat(given).hasValue(1);
    }

    @Test
    void aCallerWhoLeavesWhileTheTokenIsFetchedIsLetGo() throws Exception {
        Provider cloud = cloud(Service.GOOGLE);
        holdTheFirst();
        FakeExchange caller = new FakeExchange();
        CompletableFuture<Void> leaving = run(asks, fixture(caller, cloud).call());
        await().until(() -> tokens.requests().size() == 1);

        caller.leave(true);

        assertThat(refusalOf(leaving).code()).isEqualTo(ErrorCode.CALLER_CANCELLED);
        held.countDown();
        answered(call(cloud));
        assertThat(first.requests()).hasSize(1);
    }
}
