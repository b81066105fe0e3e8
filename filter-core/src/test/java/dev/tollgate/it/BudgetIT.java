package dev.tollgate.it;

import static dev.tollgate.testing.MeteredGateway.CALL;
import static dev.tollgate.testing.MeteredGateway.TOKEN;
import static dev.tollgate.testing.MeteredGateway.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.PaymentRequiredException;
import com.anthropic.models.ErrorType;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.tollgate.ErrorCode;
import dev.tollgate.ledger.Entry;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.MeteredGateway;
import dev.tollgate.testing.Peer;
import dev.tollgate.testing.RawClient;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.Talk;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Limits and budgets as callers meet them, in real servers: through the SDKs of OpenAI and Anthropic with their retries as they
 * are, and over raw HTTP. Each test has a key of its own.
 */
@ParameterizedClass
@EnumSource
class BudgetIT {
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static MeteredGateway gateway;

    private final FakeUpstream upstream = gateway.upstream();

    BudgetIT(Servers kind) {
        assertThat(gateway.server().log()).as("the log of %s", kind).isNotEmpty();
    }

    @BeforeParameterizedClassInvocation
    static void start(Servers kind) {
        gateway = MeteredGateway.start(kind, "budget");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    // --- refusals

    @Test
    void openAisSdkRaisesASpentBudgetAtOnce() {
        OpenAIClient client = openAi("poor");
        assertThat(client.chat().completions().create(ask("oai", 9)).id()).isNotEmpty();
        int asked = upstream.requests().size();
        long refused = refused("402");

        OpenAIServiceException raised = catchThrowableOfType(
                OpenAIServiceException.class, () -> client.chat().completions().create(ask("oai", 9)));
        assertSpent(raised);
        assertThat(refused("402")).as("requests").isEqualTo(refused + 1);
        assertSpent(catchThrowableOfType(OpenAIServiceException.class, () -> stream(client, ask("oai", 9))));
        assertThat(refused("402")).as("requests").isEqualTo(refused + 2);

        assertThat(upstream.requests()).hasSize(asked);
        assertThat(gateway.charged("poor")).isEqualTo(CALL);
    }

    private static void assertSpent(OpenAIServiceException raised) {
        assertThat(raised.statusCode()).isEqualTo(402);
        assertThat(raised.code()).contains("insufficient_quota");
        assertThat(raised).hasMessageContaining("0.06 USD");
        assertThat(raised.headers().values("x-tollgate-error")).containsExactly("policy_budget_exceeded");
        assertThat(raised.headers().values("retry-after")).isEmpty();
    }

    @Test
    void anthropicsSdkRaisesASpentBudgetAtOnce() {
        AnthropicClient client = anthropic("poor2");
        assertThat(client.messages().create(askClaude("ant", 9)).id()).isNotEmpty();
        int asked = upstream.requests().size();
        long refused = refused("402");

        AnthropicServiceException raised = catchThrowableOfType(
                PaymentRequiredException.class, () -> client.messages().create(askClaude("ant", 9)));

        assertThat(raised.statusCode()).isEqualTo(402);
        assertThat(raised.type()).contains(ErrorType.BILLING_ERROR);
        assertThat(raised).hasMessageContaining("0.06 USD");
        assertThat(refused("402")).as("requests").isEqualTo(refused + 1);
        assertThat(upstream.requests()).hasSize(asked);
    }

    @Test
    void whoWaitsAsTheTokenLimitSaysGetsThrough() throws Exception {
        useUp("few", "oai", Talk.OPENAI);
        OpenAIClient impatient = openAi("few").withOptions(options -> options.maxRetries(0));
        long begun = System.nanoTime();

        RateLimitException raised = catchThrowableOfType(
                RateLimitException.class, () -> impatient.chat().completions().create(ask("oai", 30)));

        assertThat(raised.headers().values("x-tollgate-error")).containsExactly("policy_rate_limited");
        long seconds = Long.parseLong(raised.headers().values("retry-after").get(0));
        assertThat(seconds).isBetween(1L, 8L);
        long millis = Long.parseLong(raised.headers().values("retry-after-ms").get(0));
        assertThat(millis).isBetween((seconds - 1) * 1000, seconds * 1000);
        assertThat(openAi("few").chat().completions().create(ask("oai", 30)).id())
                .isNotEmpty();
        assertThat((System.nanoTime() - begun) / 1_000_000).isBetween(millis - 50, millis + 6000);
    }

    @Test
    void anthropicsSdkWaitsAsTheTokenLimitSays() throws Exception {
        useUp("few2", "ant", Talk.ANTHROPIC);
        long refused = refused("429");

        Message answer = anthropic("few2").messages().create(askClaude("ant", 30));

        assertThat(answer.id()).isNotEmpty();
        assertThat(refused("429") - refused).as("refusals on the way").isBetween(1L, 2L);
    }

    /** Leaves a key with next to no tokens, since its provider reports to have used 1190 of 1200. */
    private void useUp(String key, String model, Talk talk) throws Exception {
        upstream.then(peer ->
                peer.json(200, talk.whole("Hello").replaceAll("(output_|completion_)tokens\":9", "$1tokens\":1150")));
        assertThat(post(key, talk.path(false), talk.request(false, "Hi", "9").replace("smart", model))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aCallThatIsLargerThanTheLimitCannotBeRight() {
        long refused = refused("400");
        int asked = upstream.requests().size();

        BadRequestException raised = catchThrowableOfType(
                BadRequestException.class,
                () -> openAi("failing").chat().completions().create(ask("oai", 5000)));
        assertThat(raised.code()).contains("exceeds_limit");
        assertThat(raised.headers().values("x-tollgate-error")).containsExactly("policy_exceeds_limit");
        com.anthropic.errors.BadRequestException other = catchThrowableOfType(
                com.anthropic.errors.BadRequestException.class,
                () -> anthropic("failing").messages().create(askClaude("ant", 5000)));
        assertThat(other.type()).contains(ErrorType.INVALID_REQUEST_ERROR);

        assertThat(refused("400")).isEqualTo(refused + 2);
        assertThat(upstream.requests()).hasSize(asked);
    }

    @Test
    void aLimitInShadowModeRefusesNothingAndCounts() {
        long before = gateway.metric("tollgate_limit_refusals_total", "mode=\"shadow\"");

        for (int i = 0; i < 3; i++) {
            assertThat(openAi("shadow")
                            .chat()
                            .completions()
                            .create(ask("oai", 9))
                            .id())
                    .isNotEmpty();
        }

        assertThat(gateway.metric("tollgate_limit_refusals_total", "mode=\"shadow\""))
                .isEqualTo(before + 3);
    }

    @Test
    void whatIsLeftIsInTheHeaders() {
        try (HttpResponseFor<ChatCompletion> answer =
                openAi("failing").chat().completions().withRawResponse().create(ask("oai", 9))) {
            assertThat(answer.headers().values("x-ratelimit-limit-tokens")).containsExactly("1000");
            assertThat(remaining(answer.headers().values("x-ratelimit-remaining-tokens")))
                    .isBetween(1L, 999L);
            assertThat(answer.headers().values("x-ratelimit-reset-tokens")).hasSize(1);
        }
        try (com.anthropic.core.http.HttpResponseFor<Message> answer =
                anthropic("failing").messages().withRawResponse().create(askClaude("ant", 9))) {
            assertThat(answer.headers().values("anthropic-ratelimit-tokens-limit"))
                    .containsExactly("1000");
            assertThat(remaining(answer.headers().values("anthropic-ratelimit-tokens-remaining")))
                    .isBetween(1L, 999L);
            String reset =
                    answer.headers().values("anthropic-ratelimit-tokens-reset").get(0);
            assertThat(Instant.parse(reset)).isAfter(Instant.now().minusSeconds(2));
        }
    }

    private static long remaining(List<String> values) {
        assertThat(values).hasSize(1);
        return Long.parseLong(values.get(0));
    }

    // --- budgets

    @Test
    void aHundredCallsOnABudgetForTenSpendAtMostTheBudget() {
        long invoice = gateway.invoice();
        // Longer than it is reported to be, so that what is reserved is the most that it can cost.
        String body =
                Talk.OPENAI.request(false, "How are you? ".repeat(20), "9").replace("smart", "oai");

        List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, 100)
                .mapToObj(i -> HTTP.sendAsync(request("ten", Talk.OPENAI.path(false), body), BodyHandlers.ofString()))
                .toList();
        List<Integer> statuses =
                calls.stream().map(call -> call.join().statusCode()).toList();

        long answered = statuses.stream().filter(status -> status == 200).count();
        assertThat(answered).isBetween(3L, 10L);
        assertThat(Set.copyOf(statuses)).isEqualTo(Set.of(200, 402));
        assertThat(gateway.invoice() - invoice).isEqualTo(answered * CALL).isLessThanOrEqualTo(490 * TOKEN);
        assertThat(gateway.charged("ten")).isEqualTo(gateway.invoice() - invoice);
        assertThat(gateway.calls("ten")).hasSize((int) answered);
    }

    @Test
    void anOpenAiStreamThatPassesItsBudgetIsCutOff() {
        upstream.then(BudgetIT::talkOn);
        int left = upstream.closedByClient();
        List<ChatCompletionChunk> seen = new ArrayList<>();

        RuntimeException raised = catchThrowableOfType(RuntimeException.class, () -> {
            try (StreamResponse<ChatCompletionChunk> stream =
                    openAi("cut").chat().completions().createStreaming(ask("oai", 0))) {
                stream.stream().forEach(seen::add);
            }
        });

        assertThat(raised).isNotNull().hasMessageContaining("0.15 USD");
        assertThat(seen).isNotEmpty();
        assertThat(seen)
                .allSatisfy(chunk -> assertThat(chunk.choices())
                        .allMatch(choice -> choice.finishReason().isEmpty()));
        assertCut("cut", left);
    }

    @Test
    void anAnthropicStreamThatPassesItsBudgetIsCutOff() {
        upstream.then(BudgetIT::talkOn);
        int left = upstream.closedByClient();
        List<RawMessageStreamEvent> seen = new ArrayList<>();

        RuntimeException raised = catchThrowableOfType(RuntimeException.class, () -> {
            try (com.anthropic.core.http.StreamResponse<RawMessageStreamEvent> stream =
                    anthropic("cut2").messages().createStreaming(askClaude("ant", 9))) {
                stream.stream().forEach(seen::add);
            }
        });

        assertThat(raised).isNotNull().hasMessageContaining("0.15 USD");
        assertThat(seen).isNotEmpty().noneMatch(event -> event.isMessageDelta() || event.isMessageStop());
        assertCut("cut2", left);
    }

    @Test
    void aStreamThatIsCutOffHasNoMarkOfSuccess() throws Exception {
        upstream.then(BudgetIT::talkOn);
        int left = upstream.closedByClient();

        HttpResponse<String> answer = post(
                "cut3",
                Talk.OPENAI.path(true),
                Talk.OPENAI.request(true, "Hi", "").replace("smart", "oai"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"insufficient_quota\"").doesNotContain("[DONE]", "finish_reason\":\"stop");
        assertCut("cut3", left);
    }

    /** Answers without an end, until nobody listens any more. */
    private static void talkOn(Peer peer) throws Exception {
        Talk talk = MeteredGateway.talk(peer.request());
        peer.stream().chunk(talk.opening("Once upon a time"));
        for (int i = 0; i < 40; i++) {
            peer.chunk(talk.more("there was a gateway that could count to ten "));
        }
        peer.untilClosed();
    }

    private void assertCut(String key, int leftBefore) {
        await().atMost(SOON).until(() -> upstream.closedByClient() > leftBefore);
        assertThat(gateway.attempts(key)).singleElement().satisfies(row -> {
            assertThat(row.error()).isEqualTo(ErrorCode.POLICY_BUDGET_EXCEEDED);
            assertThat(row.estimated()).isTrue();
            assertThat(row.costNanoUsd().orElseThrow()).isGreaterThan(20 * TOKEN);
        });
    }

    // --- permits

    @Test
    void whoLeavesInTheMiddleIsChargedForWhatWasProducedAndItsPlaceIsFree() throws Exception {
        upstream.then(BudgetIT::talkSlowly);
        int left = upstream.closedByClient();
        String body = Talk.OPENAI.request(true, "Hi", "900").replace("smart", "oai");
        try (RawClient client = new RawClient(gateway.server().port())) {
            client.send("POST /ai/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + key("leaver") + "\r\nContent-Type: application/json\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body)
                    .readUntil("count to ten", SOON);
            assertThat(post("leaver", Talk.OPENAI.path(false), body).statusCode())
                    .as("while it runs")
                    .isEqualTo(429);
            client.vanish();
        }
        await().atMost(SOON).until(() -> !gateway.attempts("leaver").isEmpty());
        assertThat(upstream.closedByClient()).isGreaterThan(left);
        Entry.Ended row = gateway.attempts("leaver").get(0);
        assertThat(row.estimated()).isTrue();
        assertThat(row.usage().output()).isBetween(15L, 300L);
        assertThat(row.costNanoUsd().orElseThrow())
                .isEqualTo((row.usage().input() + row.usage().output()) * TOKEN);
        assertThat(openAi("leaver").chat().completions().create(ask("oai", 9)).id())
                .isNotEmpty();
    }

    /** Answers bit by bit, until nobody listens any more. */
    private static void talkSlowly(Peer peer) throws Exception {
        peer.stream().chunk(Talk.OPENAI.opening("a gateway that could count to ten ".repeat(4)));
        for (int i = 0; i < 200; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
            peer.chunk(Talk.OPENAI.more("and on "));
        }
    }

    @Test
    void aPlaceIsFreeAsSoonAsTheLastByteIsThere() {
        OpenAIClient client = openAi("single").withOptions(options -> options.maxRetries(0));
        for (int i = 0; i < 15; i++) {
            stream(client, ask("oai", 9));
            assertThat(client.chat().completions().create(ask("ant", 9)).id()).isNotEmpty();
        }
    }

    @Test
    void attemptsThatFailGiveBackWhatTheyHeld() {
        OpenAIClient client = openAi("kept2");
        for (int i = 0; i < 3; i++) {
            upstream.then(peer -> peer.json(500, "{}"));
            assertThat(catchThrowableOfType(
                            InternalServerException.class,
                            () -> client.chat().completions().create(ask("once", 700))))
                    .isNotNull();
        }
        upstream.then(Peer::untilClosed);
        InternalServerException late = catchThrowableOfType(
                InternalServerException.class, () -> client.chat().completions().create(ask("hasty", 700)));
        assertThat(late.statusCode()).isEqualTo(504);

        assertThat(client.chat().completions().create(ask("oai", 700)).id()).isNotEmpty();
    }

    // --- several providers, and what is not translated

    @Test
    void anotherProviderIsAskedWhenTheLimitOfTheFirstIsUsedUp() {
        OpenAIClient client = openAi("free");
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (HttpResponseFor<ChatCompletion> answer =
                    client.chat().completions().withRawResponse().create(ask("frugal", 9))) {
                targets.addAll(answer.headers().values("x-tollgate-target"));
            }
        }

        assertThat(targets).containsExactly("small/plain", "ant/plain", "ant/plain");
    }

    // --- the conversation

    private static OpenAIClient openAi(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.uri("/v1").toString())
                .apiKey(key(key))
                .build();
    }

    private static AnthropicClient anthropic(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(gateway.uri("").toString())
                .apiKey(key(key))
                .build();
    }

    /** @param most the most output tokens, or 0 to say nothing of them */
    private static ChatCompletionCreateParams ask(String model, long most) {
        ChatCompletionCreateParams.Builder params =
                ChatCompletionCreateParams.builder().model(model).addUserMessage("What is the capital of France?");
        return (most == 0 ? params : params.maxCompletionTokens(most)).build();
    }

    private static MessageCreateParams askClaude(String model, long most) {
        return MessageCreateParams.builder()
                .model(model)
                .maxTokens(most)
                .addUserMessage("What is the capital of France?")
                .build();
    }

    private static void stream(OpenAIClient client, ChatCompletionCreateParams params) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            assertThat(stream.stream().count()).isPositive();
        }
    }

    /** How many requests were answered with a status so far. */
    private static long refused(String status) {
        return gateway.metric("tollgate_calls_total", "status=\"" + status + "\"");
    }

    private static HttpResponse<String> post(String key, String path, String body) throws Exception {
        return HTTP.send(request(key, path, body), BodyHandlers.ofString());
    }

    private static HttpRequest request(String key, String path, String body) {
        return HttpRequest.newBuilder(gateway.uri(path))
                .header("authorization", "Bearer " + key(key))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
