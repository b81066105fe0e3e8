package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.dialect.openaichat.OpenAiChat;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwarderTest extends ForwardingBase {

    private static final Duration LONG = Duration.ofSeconds(20);

    // --- a whole answer

    @Test
    void aGoodAnswerGoesBackByteForByte() {
        first.then(peer -> peer.json(200, WHOLE));
        Call call = fixture().call();
        answered(run(call));
        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.text()).isEqualTo(WHOLE);
        assertThat(exchange.answerHeader("content-type")).contains("application/json");
        assertThat(exchange.answerHeader("content-length")).contains(String.valueOf(WHOLE.length()));
        assertThat(exchange.isEnded()).isTrue();
        assertThat(second.requests()).isEmpty();
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.account().attempts()).hasSize(1);
    }

    @Test
    void theRecordKnowsWhatWasUsed() {
        first.then(peer -> peer.json(200, WHOLE));
        Call call = fixture().call();
        answered(run(call));
        assertThat(CallFixture.record(call).usage().input()).isEqualTo(7);
        assertThat(CallFixture.record(call).usage().output()).isEqualTo(3);
        assertThat(CallFixture.record(call).estimated()).isFalse();
        assertThat(CallFixture.record(call).target()).isEqualTo("one/m-one");
        assertThat(CallFixture.record(call).finish()).isEqualTo("stop");
        assertThat(CallFixture.record(call).firstByteNanos()).isPresent();
    }

    @Test
    void unreportedUsageIsEstimated() {
        String silent = WHOLE.substring(0, WHOLE.indexOf(",\"usage\"")) + "}";
        first.then(peer -> peer.json(200, silent));
        Call call = fixture().call();
        answered(run(call));
        assertThat(CallFixture.record(call).estimated()).isTrue();
        assertThat(CallFixture.record(call).usage().output()).isPositive();
        assertThat(CallFixture.record(call).usage().input()).isPositive();
    }

    // --- the request

    @Test
    void theRequestCarriesAnAllowListOfHeadersAndTheTargetsModel() {
        FakeExchange caller = new FakeExchange(
                "POST",
                "/v1/chat/completions",
                Map.of(
                        "authorization", "Bearer callers-own",
                        "cookie", "a=b",
                        "x-forwarded-for", "10.1.2.3",
                        "openai-beta", "assistants=v2",
                        "x-stainless-lang", "java"),
                new byte[0]);
        Quirks quirks = new Quirks(
                true,
                "max_completion_tokens",
                Set.of(),
                Map.of("x-needed", "yes"),
                List.of("openai-beta", "authorization", "x-absent"),
                List.of());
        first.then(peer -> peer.json(200, WHOLE));
        Call call = new CallFixture(caller, dialects.get("openai-chat"))
                .to(provider("one", first, quirks))
                .call();
        answered(run(call));
        var seen = first.lastRequest();
        assertThat(seen.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
        assertThat(seen.headers().keySet())
                .containsExactlyInAnyOrder(
                        "content-type",
                        "content-length",
                        "accept",
                        "accept-encoding",
                        "user-agent",
                        "x-needed",
                        "openai-beta",
                        "authorization",
                        "host",
                        "connection");
        assertThat(seen.headers().get("authorization")).containsExactly("Bearer key-of-one");
        assertThat(seen.header("user-agent")).contains("tollgate/9.9");
        assertThat(seen.header("accept-encoding")).contains("identity");
        assertThat(seen.header("accept")).contains("application/json");
        assertThat(seen.text()).contains("\"m-one\"").doesNotContain("smart");
    }

    @Test
    void aForwardedHeaderThatWouldWriteHeadersIsLeftOut() {
        FakeExchange caller =
                new FakeExchange("POST", "/v1/chat/completions", Map.of("openai-beta", "a\r\nx-evil: 1"), new byte[0]);
        Quirks quirks = new Quirks(true, "max_tokens", Set.of(), Map.of(), List.of("openai-beta"), List.of());
        first.then(peer -> peer.json(200, WHOLE));
        answered(run(new CallFixture(caller, dialects.get("openai-chat"))
                .to(provider("one", first, quirks))
                .call()));
        assertThat(first.lastRequest().headers()).doesNotContainKeys("openai-beta", "x-evil");
    }

    // --- fallback

    static Stream<Arguments> badBeginnings() {
        return Stream.of(
                script("closed at once", peer -> peer.close()),
                script("reset", peer -> peer.reset()),
                script("not HTTP", peer -> {
                    peer.raw("nonsense\r\n\r\n");
                    peer.untilClosed();
                }),
                script("429", peer -> peer.json(429, ERROR.formatted("slow down", "requests"), "Retry-After: 7")),
                script("500", peer -> peer.json(500, "{}")),
                script("502 in HTML", peer -> peer.answer(502, "text/html", "<html>")),
                script("503", peer -> peer.json(503, "{}")),
                script("529", peer -> peer.json(529, "{}")),
                script("408", peer -> peer.json(408, "{}")),
                script("401", peer -> peer.json(401, ERROR.formatted("bad key", "invalid_request_error"))),
                script("402", peer -> peer.json(402, "{}")),
                script("403", peer -> peer.json(403, "{}")),
                script("a redirect", peer -> peer.head(302, "Location: /elsewhere", "Content-Length: 0")),
                script("HTML with 200", peer -> peer.answer(200, "text/html", "<html>Welcome</html>")),
                script("nothing with 200", peer -> peer.head(200, "Content-Length: 0")),
                script("no content", peer -> peer.head(204)),
                script("half a JSON", peer -> peer.json(200, WHOLE.substring(0, 80))),
                script("a cut body", peer -> {
                    peer.head(200, "Content-Type: application/json", "Content-Length: 5000");
                    peer.raw(WHOLE).close();
                }),
                script("compressed", peer -> peer.json(200, "x", "Content-Encoding: gzip")),
                script("an error with 200", peer -> peer.json(200, ERROR.formatted("oops", "server_error"))),
                script("silence", peer -> peer.untilClosed()),
                script("an endless head", peer -> {
                    peer.raw("HTTP/1.1 200 OK\r\n");
                    peer.untilClosed();
                }));
    }

    private static Arguments script(String name, FakeUpstream.Script script) {
        return Arguments.of(name, script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badBeginnings")
    void aTargetThatBeginsBadlyIsReplacedByTheNext(String name, FakeUpstream.Script script) {
        first.always(script);
        second.always(peer -> peer.json(200, WHOLE));
        Call call = fixture()
                .timeouts(Duration.ofSeconds(1), Duration.ofMillis(400), Duration.ofSeconds(2), LONG)
                .call();
        answered(run(call));
        assertThat(exchange.text()).isEqualTo(WHOLE);
        assertThat(first.requests()).hasSizeLessThanOrEqualTo(1);
        assertThat(second.requests()).hasSize(1);
        assertThat(second.lastRequest().text()).contains("m-two");
        assertThat(call.account().attempts()).hasSize(2);
        assertThat(call.account().attempts().get(0).error()).isNotNull();
        assertThat(call.account().attempts().get(1).error()).isNull();
        assertThat(exchange.answerHeader("x-tollgate-target")).contains("two/m-two");
        assertThat(exchange.answerHeader("x-tollgate-attempts")).contains("2");
    }

    @Test
    void aTargetThatCannotBeReachedIsReplacedByTheNext() throws IOException {
        first.close();
        second.always(peer -> peer.json(200, WHOLE));
        answered(run(fixture().call()));
        assertThat(exchange.text()).isEqualTo(WHOLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 409, 413, 422})
    void aRequestThatTheProviderFindsAtFaultIsNotTriedElsewhere(int status) {
        String body = ERROR.formatted("no such thing", "invalid_request_error");
        first.always(peer -> peer.json(status, body));
        second.always(peer -> peer.json(200, WHOLE));
        Refusal refusal = refusalOf(run(fixture().call()));
        assertThat(refusal.code()).isEqualTo(ErrorCode.PROVIDER_REJECTED);
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.providerType()).contains("invalid_request_error");
        assertThat(refusal.providerCode()).contains("some_code");
        assertThat(refusal.verbatim()).asString(StandardCharsets.UTF_8).isEqualTo(body);
        assertThat(second.requests()).isEmpty();
        assertThat(exchange.status()).isZero();
    }

    @Test
    void noMoreTargetsAreAskedThanTheModelAllows() {
        first.always(peer -> peer.json(500, "{}"));
        second.always(peer -> peer.json(200, WHOLE));
        refusalOf(run(fixture().attempts(1).call()));
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void theWholeTimeBoundsAllAttemptsTogether() {
        first.always(peer -> peer.untilClosed());
        second.always(peer -> peer.untilClosed());
        Duration total = Duration.ofMillis(500);
        Refusal refusal = refusalOf(run(
                fixture().timeouts(LONG, Duration.ofMillis(400), LONG, total).call()));
        assertThat(refusal.code()).isEqualTo(ErrorCode.PROVIDER_TIMEOUT);
        assertThat(refusal.status()).isEqualTo(504);
    }

    // --- what the caller is told

    @ParameterizedTest
    @CsvSource({
        "401, PROVIDER_AUTH_FAILED, 502",
        "402, PROVIDER_AUTH_FAILED, 502",
        "403, PROVIDER_AUTH_FAILED, 502",
        "408, PROVIDER_SERVER_ERROR, 408",
        "429, PROVIDER_RATE_LIMITED, 429",
        "500, PROVIDER_SERVER_ERROR, 500",
        "502, PROVIDER_SERVER_ERROR, 502",
        "503, PROVIDER_OVERLOADED, 503",
        "529, PROVIDER_OVERLOADED, 529",
        "404, PROVIDER_REJECTED, 404",
    })
    void theLastErrorKeepsItsMeaning(int status, ErrorCode code, int told) {
        first.always(peer -> peer.json(status, ERROR.formatted("because", "some_type")));
        Call call = new CallFixture(exchange, dialects.get("openai-chat"))
                .to(provider("one", first))
                .attempts(1)
                .call();
        Refusal refusal = refusalOf(run(call));
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.status()).isEqualTo(told);
        assertThat(refusal.message())
                .contains("one/m-one")
                .contains("attempt 1")
                .doesNotContain("127.0.0.1");
        assertThat(call.account().attempts())
                .extracting(CallRecord.Attempt::status)
                .containsExactly(status);
    }

    @Test
    void theProvidersWordsAboutTheGatewaysKeyAreNotShown() {
        first.always(peer -> peer.json(401, ERROR.formatted("Incorrect API key: key-of-one", "auth")));
        second.always(peer -> peer.json(401, ERROR.formatted("Incorrect API key: key-of-two", "auth")));
        Refusal refusal = refusalOf(run(fixture().attempts(2).call()));
        assertThat(refusal.message()).doesNotContain("key-of");
        assertThat(refusal.verbatim()).isNull();
    }

    @Test
    void ofSeveralRateLimitsTheShortestWaitIsTold() {
        first.always(peer -> peer.json(429, ERROR.formatted("a", "requests"), "Retry-After: 9"));
        second.always(peer -> peer.json(429, ERROR.formatted("b", "requests"), "Retry-After: 30"));
        Refusal refusal = refusalOf(run(fixture().attempts(2).call()));
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(9));
    }

    @Test
    void aWaitThatHelpsIsToldRatherThanALaterFailure() {
        first.always(peer -> peer.json(429, ERROR.formatted("a", "requests"), "Retry-After: 9"));
        second.always(peer -> peer.json(401, "{}"));
        assertThat(refusalOf(run(fixture().attempts(2).call())).code()).isEqualTo(ErrorCode.PROVIDER_RATE_LIMITED);
    }

    @Test
    void anEndlessErrorIsReadOnlySoFar() {
        first.always(peer -> {
            peer.head(500, "Content-Type: text/plain", "Content-Length: 100000000");
            byte[] block = new byte[8192];
            for (int i = 0; i < 12_000; i++) {
                peer.raw(block);
            }
        });
        second.always(peer -> peer.json(200, WHOLE));
        answered(run(fixture().call()));
        await().untilAsserted(() -> assertThat(first.playing()).isZero());
    }

    @Test
    void anUnreachableTargetIsNamedWithoutItsAddress() {
        first.close();
        second.close();
        Refusal refusal = refusalOf(run(fixture().attempts(2).call()));
        assertThat(refusal.code()).isEqualTo(ErrorCode.PROVIDER_UNREACHABLE);
        assertThat(refusal.message())
                .contains("two/m-two")
                .doesNotContain("127.0.0.1")
                .doesNotContain(
                        String.valueOf(URI.create(second.uri().toString()).getPort()));
    }

    // --- the caller leaves

    @Test
    void aCallerWhoLeavesBeforeTheAnswerEndsTheAttempt() {
        first.always(peer -> peer.untilClosed());
        Call call = fixture().call();
        CompletableFuture<Void> outcome = run(call);
        await().until(() -> first.playing() == 1);
        exchange.leave(true);
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.CALLER_CANCELLED);
        await().atMost(Duration.ofSeconds(1)).until(() -> first.closedByClient() == 1);
        assertThat(second.requests()).isEmpty();
        assertThat(call.account().attempts()).hasSize(1);
    }

    @Test
    void aCallerWhoHasLeftAlreadyCostsNothing() {
        Call call = fixture().call();
        call.cancel();
        assertThat(refusalOf(run(call)).code()).isEqualTo(ErrorCode.CALLER_CANCELLED);
        assertThat(first.requests()).isEmpty();
    }

    @Test
    void aCallerWhoLeavesDuringAWholeAnswerIsNoted() {
        first.always(peer -> peer.json(200, WHOLE));
        exchange.stall();
        CompletableFuture<Void> outcome = run(fixture().call());
        await().until(exchange::isWriting);
        exchange.leave(true);
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.CALLER_CANCELLED);
    }

    @Test
    void closingTheClientEndsTheCall() {
        first.always(peer -> peer.untilClosed());
        CompletableFuture<Void> outcome = run(fixture().call());
        await().until(() -> first.playing() == 1);
        http.close();
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.GATEWAY_DRAINING);
    }

    // --- faults of our own

    @Test
    void aFaultInATranslationEndsTheCallAndHoldsNothing() {
        first.always(peer -> peer.json(200, WHOLE));
        Forwarder faulty = new Forwarder(new Forwarder.Parts(
                http,
                (call, candidate, way, fetched) -> {
                    throw new IllegalStateException("a bug");
                },
                new AnswerHeaders(InstantSource.fixed(NOW)),
                authorizer,
                timers,
                InstantSource.fixed(NOW),
                "9.9"));
        assertThat(refusalOf(run(faulty, fixture().call())).code()).isEqualTo(ErrorCode.GATEWAY_INTERNAL);
    }

    @Test
    void aModelNameCannotWriteHeaders() {
        first.always(peer -> peer.json(200, WHOLE));
        Provider one = provider("one", first);
        Call call = new CallFixture(exchange, new OpenAiChat(InstantSource.fixed(NOW)))
                .to(new Candidate(one, "evil\r\nset-cookie: a=b\u00e9"))
                .call();
        answered(run(call));
        assertThat(exchange.answerHeader("x-tollgate-target")).contains("one/evil??set-cookie: a=b?");
    }
}
