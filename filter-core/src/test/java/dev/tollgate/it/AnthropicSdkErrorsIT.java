package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.ContentTooLargeException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.OverloadedException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.ErrorType;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
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

/** What Anthropic's own SDK raises when something is wrong, and what it does about it, with its retries as they are. */
@ParameterizedClass
@EnumSource
class AnthropicSdkErrorsIT {
    private static final int TOO_MUCH = 33 * 1024 * 1024;

    private final RealGateway gateway;

    AnthropicSdkErrorsIT(Servers kind) {
        gateway = SharedGateways.in(kind);
    }

    @Test
    void aBadFieldIsNamed() {
        BadRequestException raised = raised(
                BadRequestException.class,
                client(RealGateway.KEY),
                ask("oai-plain").putAdditionalBodyProperty("messages", JsonValue.from("hello")));

        assertThat(raised).hasMessageContaining("messages");
        assertThat(raised.type()).contains(ErrorType.INVALID_REQUEST_ERROR);
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

        assertThat(raised.type()).contains(ErrorType.AUTHENTICATION_ERROR);
        assertThat(code(raised)).isEqualTo("caller_invalid_key");
    }

    @Test
    void aModelThatTheKeyMayNotUseIsDenied() {
        PermissionDeniedException raised =
                raised(PermissionDeniedException.class, client(RealGateway.PLAIN_KEY), ask("oai-tools"));

        assertThat(raised.type()).contains(ErrorType.PERMISSION_ERROR);
        assertThat(code(raised)).isEqualTo("policy_model_not_allowed");
    }

    @Test
    void aModelThatNobodyKnowsIsNotFound() {
        NotFoundException raised = raised(NotFoundException.class, client(RealGateway.KEY), ask("gpt-99"));

        assertThat(raised.type()).contains(ErrorType.NOT_FOUND_ERROR);
        assertThat(code(raised)).isEqualTo("caller_model_unknown");
    }

    @Test
    void aRequestThatIsTooLargeIsToldSo() {
        ContentTooLargeException raised = raised(
                ContentTooLargeException.class,
                client(RealGateway.KEY),
                ask("oai-plain").addUserMessage("x".repeat(TOO_MUCH)));

        assertThat(raised.statusCode()).isEqualTo(413);
        assertThat(code(raised)).isEqualTo("caller_too_large");
    }

    @Test
    void whoWaitsAsTheLimitSaysGetsThrough() {
        AnthropicClient impatient = client(RealGateway.SLOW_KEY, 0);
        AnthropicServiceException refused = null;
        for (int tries = 0; refused == null && tries < 50; tries++) {
            refused = catchThrowableOfType(
                    RateLimitException.class,
                    () -> impatient.messages().create(ask("oai-plain").build()));
        }

        assertThat(refused).isNotNull();
        assertThat(refused.type()).contains(ErrorType.RATE_LIMIT_ERROR);
        assertThat(code(refused)).isEqualTo("policy_rate_limited");
        assertThat(Long.parseLong(header(refused, "retry-after"))).isEqualTo(1);
        assertThat(Long.parseLong(header(refused, "retry-after-ms"))).isBetween(1L, 1000L);
        assertThat(text(client(RealGateway.SLOW_KEY)
                        .messages()
                        .create(ask("oai-plain").build())))
                .isEqualTo(FakeProvider.SENTENCE);
    }

    @ParameterizedTest
    @CsvSource({"oai,false", "ant,false", "oai,true", "ant,true"})
    void whoWaitsAsTheProviderSaysGetsThrough(String provider, boolean streamed) {
        AnthropicClient client = client(RealGateway.KEY);
        MessageCreateParams params = ask(provider + "-busy")
                .addUserMessage(UUID.randomUUID().toString())
                .build();

        long begun = System.nanoTime();
        String answer = streamed
                ? textOf(events(client, params))
                : text(client.messages().create(params));

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
            assertThat(raised.type()).contains(ErrorType.API_ERROR);
            assertThat(code(raised)).isEqualTo(code);
            assertThat(gateway.provider().requests()).hasSize(before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai-status-503", "ant-status-503", "ant-status-529"})
    void anOverloadedProviderIsToldApart(String model) {
        OverloadedException raised = raised(OverloadedException.class, client(RealGateway.KEY, 0), ask(model));

        assertThat(raised.statusCode()).isEqualTo(529);
        assertThat(raised.type()).contains(ErrorType.OVERLOADED_ERROR);
        assertThat(code(raised)).isEqualTo("provider_overloaded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai-cut", "ant-cut", "oai-gone", "ant-gone"})
    void aStreamThatFailsOnItsWayRaises(String model) {
        List<RawMessageStreamEvent> seen = new ArrayList<>();
        AnthropicException raised = catchThrowableOfType(AnthropicException.class, () -> {
            try (StreamResponse<RawMessageStreamEvent> stream = client(RealGateway.KEY)
                    .messages()
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
        assertThat(seen).noneMatch(event -> event.isMessageDelta() || event.isMessageStop());
    }

    // --- the conversation

    private AnthropicClient client(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(gateway.uri().toString())
                .apiKey(key)
                .build();
    }

    private AnthropicClient client(String key, int retries) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(gateway.uri().toString())
                .apiKey(key)
                .maxRetries(retries)
                .build();
    }

    private static MessageCreateParams.Builder ask(String model) {
        return MessageCreateParams.builder()
                .model(model)
                .maxTokens(100)
                .addUserMessage("What is the capital of France?");
    }

    /** What the SDK raises, the same whether the answer was to be streamed or not. */
    private static <T extends AnthropicServiceException> T raised(
            Class<T> type, AnthropicClient client, MessageCreateParams.Builder params) {
        T raised = catchThrowableOfType(type, () -> client.messages().create(params.build()));
        assertThat(raised).as("what is raised").isNotNull();
        assertThat(header(raised, "x-request-id")).isNotEmpty();
        assertThat(raised.getMessage()).doesNotContain("127.0.0.1");
        return raised;
    }

    private static String code(AnthropicServiceException raised) {
        return header(raised, "x-tollgate-error");
    }

    private static String header(AnthropicServiceException raised, String name) {
        return String.join(",", raised.headers().values(name));
    }

    private static String text(Message answer) {
        return answer.content().get(0).asText().text();
    }

    private static List<RawMessageStreamEvent> events(AnthropicClient client, MessageCreateParams params) {
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(params)) {
            return stream.stream().toList();
        }
    }

    private static String textOf(List<RawMessageStreamEvent> events) {
        StringBuilder text = new StringBuilder();
        events.stream()
                .flatMap(event -> event.contentBlockDelta().stream())
                .forEach(event -> text.append(event.delta().asText().text()));
        return text.toString();
    }
}
