package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What OpenAI's own SDK raises when something is wrong, and what it does about it, with its retries as they are. */
@ParameterizedClass
@EnumSource
class OpenAiSdkErrorsIT {
    private static final int TOO_MUCH = 33 * 1024 * 1024;

    private final RealGateway gateway;

    OpenAiSdkErrorsIT(Servers kind) {
        gateway = SharedGateways.in(kind);
    }

    @Test
    void aBadFieldIsNamed() {
        BadRequestException raised = raised(
                BadRequestException.class,
                client(RealGateway.KEY),
                ask("ant-plain").putAdditionalBodyProperty("messages", JsonValue.from("hello")));

        assertThat(raised.param()).contains("messages");
        assertThat(raised.type()).contains("invalid_request_error");
        assertThat(code(raised)).isEqualTo("caller_bad_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant"})
    void whatTheProviderFindsFaultWithIsTold(String provider) {
        BadRequestException raised =
                raised(BadRequestException.class, client(RealGateway.KEY), ask(provider + "-status-400"));

        assertThat(raised).hasMessageContaining("this is what 400 looks like");
        assertThat(code(raised)).isEqualTo("provider_rejected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tg-wrong-0123456789abcdef0123456789abcdef", RealGateway.EXPIRED_KEY, "sk-anything"})
    void aKeyThatIsNotValidIsUnauthorized(String key) {
        UnauthorizedException raised = raised(UnauthorizedException.class, client(key), ask("oai-plain"));

        assertThat(raised.code()).contains("invalid_api_key");
        assertThat(code(raised)).isEqualTo("caller_invalid_key");
    }

    @Test
    void aModelThatTheKeyMayNotUseIsDenied() {
        PermissionDeniedException raised =
                raised(PermissionDeniedException.class, client(RealGateway.PLAIN_KEY), ask("oai-tools"));

        assertThat(raised.code()).contains("model_not_allowed");
        assertThat(code(raised)).isEqualTo("policy_model_not_allowed");
    }

    @Test
    void aModelThatNobodyKnowsIsNotFound() {
        NotFoundException raised = raised(NotFoundException.class, client(RealGateway.KEY), ask("gpt-99"));

        assertThat(raised.code()).contains("model_not_found");
        assertThat(code(raised)).isEqualTo("caller_model_unknown");
    }

    @Test
    void aRequestThatIsTooLargeIsToldSo() {
        OpenAIServiceException raised = raised(
                OpenAIServiceException.class,
                client(RealGateway.KEY),
                ask("oai-plain").addUserMessage("x".repeat(TOO_MUCH)));

        assertThat(raised.statusCode()).isEqualTo(413);
        assertThat(raised.code()).contains("request_too_large");
        assertThat(code(raised)).isEqualTo("caller_too_large");
    }

    @Test
    void whoWaitsAsTheLimitSaysGetsThrough() {
        OpenAIClient impatient = client(RealGateway.SLOW_KEY, 0);
        OpenAIServiceException refused = null;
        for (int tries = 0; refused == null && tries < 50; tries++) {
            refused = catchThrowableOfType(
                    RateLimitException.class,
                    () -> impatient.chat().completions().create(ask("oai-plain").build()));
        }

        assertThat(refused).isNotNull();
        assertThat(refused.code()).contains("rate_limit_exceeded");
        assertThat(code(refused)).isEqualTo("policy_rate_limited");
        assertThat(Long.parseLong(header(refused, "retry-after"))).isEqualTo(1);
        assertThat(Long.parseLong(header(refused, "retry-after-ms"))).isBetween(1L, 1000L);
        assertThat(text(client(RealGateway.SLOW_KEY)
                        .chat()
                        .completions()
                        .create(ask("oai-plain").build())))
                .isEqualTo(FakeProvider.SENTENCE);
    }

    @ParameterizedTest
    @CsvSource({"oai,false", "ant,false", "oai,true", "ant,true"})
    void whoWaitsAsTheProviderSaysGetsThrough(String provider, boolean streamed) {
        OpenAIClient client = client(RealGateway.KEY);
        ChatCompletionCreateParams params = ask(provider + "-busy")
                .addUserMessage(UUID.randomUUID().toString())
                .build();

        long begun = System.nanoTime();
        String answer = streamed
                ? textOf(chunks(client, params))
                : text(client.chat().completions().create(params));

        assertThat(answer).isEqualTo(FakeProvider.SENTENCE);
        assertThat((System.nanoTime() - begun) / 1_000_000).isGreaterThanOrEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "status-500, 500, provider_server_error",
        "status-502, 502, provider_server_error",
        "status-401, 502, provider_auth_failed",
        "status-403, 502, provider_auth_failed",
        "garbage, 502, provider_bad_response",
        "silent, 504, provider_timeout"
    })
    void aFaultOfTheProvidersIsRaisedAndNotRepeated(String model, int status, String code) {
        for (String provider : List.of("oai-", "ant-")) {
            int before = gateway.provider().requests().size();

            InternalServerException raised =
                    raised(InternalServerException.class, client(RealGateway.KEY), ask(provider + model));

            assertThat(raised.statusCode()).isEqualTo(status);
            assertThat(raised.type()).contains("server_error");
            assertThat(code(raised)).isEqualTo(code);
            assertThat(gateway.provider().requests()).hasSize(before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai-status-503", "ant-status-503", "ant-status-529"})
    void anOverloadedProviderIsToldApart(String model) {
        InternalServerException raised = raised(InternalServerException.class, client(RealGateway.KEY, 0), ask(model));

        assertThat(raised.statusCode()).isEqualTo(503);
        assertThat(code(raised)).isEqualTo("provider_overloaded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai-cut", "ant-cut", "oai-gone", "ant-gone"})
    void aStreamThatFailsOnItsWayRaises(String model) {
        List<ChatCompletionChunk> seen = new ArrayList<>();
        OpenAIException raised = catchThrowableOfType(OpenAIException.class, () -> {
            try (StreamResponse<ChatCompletionChunk> stream = client(RealGateway.KEY)
                    .chat()
                    .completions()
                    .createStreaming(ask(model).build())) {
                stream.stream().forEach(event -> {
                    seen.add(event);
                    if (!textOf(List.of(event)).isEmpty()) {
                        gateway.provider().goOn();
                    }
                });
            }
        });

        assertThat(raised).isNotNull();
        assertThat(textOf(seen)).isEqualTo("The capital");
        assertThat(seen)
                .allSatisfy(chunk ->
                        assertThat(chunk.choices().get(0).finishReason()).isEmpty());
    }

    // --- the conversation

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.uri("/v1").toString())
                .apiKey(key)
                .build();
    }

    private OpenAIClient client(String key, int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.uri("/v1").toString())
                .apiKey(key)
                .maxRetries(retries)
                .build();
    }

    private static ChatCompletionCreateParams.Builder ask(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("What is the capital of France?");
    }

    /** What the SDK raises, the same whether the answer was to be streamed or not. */
    private static <T extends OpenAIServiceException> T raised(
            Class<T> type, OpenAIClient client, ChatCompletionCreateParams.Builder params) {
        T raised = catchThrowableOfType(type, () -> client.chat().completions().create(params.build()));
        assertThat(raised).as("what is raised").isNotNull();
        assertThat(header(raised, "x-request-id")).isNotEmpty();
        assertThat(raised.getMessage()).doesNotContain("127.0.0.1");
        return raised;
    }

    private static String code(OpenAIServiceException raised) {
        return header(raised, "x-tollgate-error");
    }

    private static String header(OpenAIServiceException raised, String name) {
        return String.join(",", raised.headers().values(name));
    }

    private static String text(ChatCompletion answer) {
        return answer.choices().get(0).message().content().orElseThrow();
    }

    private static List<ChatCompletionChunk> chunks(OpenAIClient client, ChatCompletionCreateParams params) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            return stream.stream().toList();
        }
    }

    private static String textOf(List<ChatCompletionChunk> chunks) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(
                chunk -> text.append(chunk.choices().get(0).delta().content().orElse("")));
        return text.toString();
    }
}
