package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.Header;
import dev.tollgate.account.Room;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.anthropic.Anthropic;
import dev.tollgate.dialect.openaichat.OpenAiChat;
import dev.tollgate.limit.Permit.Headroom;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.FakeExchange;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerHeadersTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00.5Z"));

    private final Dialect openAi = new OpenAiChat(CLOCK);
    private final Dialect anthropic = new Anthropic();
    private final Candidate target = new Candidate(
            new Provider(
                    "one",
                    "openai",
                    URI.create("http://127.0.0.1:1"),
                    Way.chat(Map.of("openai-chat", "/chat")),
                    new Credential.None(),
                    Quirks.NONE),
            "gpt");
    private final AtomicLong nanos = new AtomicLong(1_000);

    private CallFixture fixture(Dialect dialect) {
        return new CallFixture(new FakeExchange(), dialect).to(target).clock(nanos::get);
    }

    private Map<String, String> headers(Call call, List<Header> providers, long cost, List<String> dropped) {
        Map<String, String> named = new LinkedHashMap<>();
        OptionalLong known = cost < 0 ? OptionalLong.empty() : OptionalLong.of(cost);
        new AnswerHeaders(CLOCK)
                .of(call, target, target.provider().ways().get(0), providers, known, dropped)
                .forEach(header -> assertThat(named.put(header.name(), header.value()))
                        .as("a header sent twice")
                        .isNull());
        return named;
    }

    @Test
    void aCallIsTraced() {
        Call call = fixture(openAi).call();
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(30));
        Room room = call.account().room(target).toCompletableFuture().join();
        call.account().open(room).serves(200, TimeUnit.MICROSECONDS.toNanos(28_750));
        assertThat(headers(call, List.of(), 15_000, List.of("top_k", "metadata")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "x-tollgate-call-id", "call_test",
                        "x-tollgate-target", "one/gpt",
                        "x-tollgate-attempts", "1",
                        "x-tollgate-overhead-ms", "1.250",
                        "x-tollgate-cost", "0.000015",
                        "x-tollgate-dropped", "top_k, metadata"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0.000000001", "1500000000, 1.5", "250000000000000, 250000"})
    void costsArePlainDecimals(long nanoUsd, String usd) {
        Call call = fixture(openAi).call();
        assertThat(headers(call, List.of(), nanoUsd, List.of())).containsEntry("x-tollgate-cost", usd);
    }

    @Test
    void anUnknownPriceIsNoCost() {
        Call call = fixture(openAi).call();
        assertThat(headers(call, List.of(), -1, List.of())).doesNotContainKey("x-tollgate-cost");
    }

    @Test
    void ofTheProvidersHeadersOnlySafeOnesArePassedOnAndOnlyInOneDialect() {
        List<Header> providers = List.of(
                new Header("X-Request-Id", "r1\u0007"),
                new Header("openai-processing-ms", "12"),
                new Header("openai-version", "2020-10-01"),
                new Header("openai-organization", "acme"),
                new Header("set-cookie", "a=b"),
                new Header("x-ratelimit-remaining-requests", "3"),
                new Header("server", "cloudflare"));
        assertThat(headers(fixture(openAi).call(), providers, -1, List.of()))
                .containsEntry("x-request-id", "r1?")
                .containsEntry("openai-processing-ms", "12")
                .containsEntry("openai-version", "2020-10-01")
                .doesNotContainKeys("openai-organization", "set-cookie", "server", "x-ratelimit-remaining-requests");
        assertThat(headers(fixture(anthropic).call(), providers, -1, List.of()))
                .doesNotContainKeys("x-request-id", "openai-processing-ms", "openai-version");
    }

    @ParameterizedTest
    @CsvSource({"0, 0ms", "1, 1ms", "120000000, 120ms", "1000000000, 1s", "59000000001, 1m0s", "360000000000, 6m0s"})
    void limitsAreToldInOpenAisWay(long resetNanos, String reset) {
        Call call = fixture(openAi)
                .headroom(new Headroom("requests", 600, 599, resetNanos))
                .call();
        assertThat(headers(call, List.of(), -1, List.of()))
                .containsEntry("x-ratelimit-limit-requests", "600")
                .containsEntry("x-ratelimit-remaining-requests", "599")
                .containsEntry("x-ratelimit-reset-requests", reset)
                .doesNotContainKey("anthropic-ratelimit-requests-limit");
    }

    @Test
    void anthropicCallersGetTheirOwnNamesAsWell() {
        Call call = fixture(anthropic)
                .headroom(new Headroom("requests", 600, 599, TimeUnit.SECONDS.toNanos(2)))
                .call();
        assertThat(headers(call, List.of(), -1, List.of()))
                .containsEntry("anthropic-ratelimit-requests-limit", "600")
                .containsEntry("anthropic-ratelimit-requests-remaining", "599")
                .containsEntry("anthropic-ratelimit-requests-reset", "2026-11-24T12:00:03Z")
                .containsEntry("x-ratelimit-limit-requests", "600");
    }

    @Test
    void switchedOffOnlyLimitsAreTold() {
        Call call = fixture(openAi)
                .withoutAnswerHeaders()
                .headroom(new Headroom("requests", 600, 599, 0))
                .call();
        assertThat(headers(call, List.of(new Header("x-request-id", "r1")), 15_000, List.of("x"))
                        .keySet())
                .allMatch(name -> name.startsWith("x-ratelimit-"))
                .hasSize(3);
    }

    @Test
    void namesOfFieldsCannotWriteHeadersOrGrowWithoutBound() {
        List<String> hostile = Collections.nCopies(500, "evil\r\nset-cookie: a=b");
        String dropped = headers(fixture(openAi).call(), List.of(), -1, hostile).get("x-tollgate-dropped");
        assertThat(dropped)
                .startsWith("evil??set-cookie: a=b, ")
                .matches(".*, and [0-9]+ more")
                .hasSizeLessThan(2_100);
        assertThat(dropped).doesNotContain("\r", "\n");
    }
}
