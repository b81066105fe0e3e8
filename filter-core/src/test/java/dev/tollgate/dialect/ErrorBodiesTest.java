package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Errors in the shape that each dialect's SDKs raise their typed exceptions from. */
class ErrorBodiesTest {
    private static final Dialects DIALECTS = new Dialects(InstantSource.system());

    private final Dialect openai = DIALECTS.byId("openai-chat");
    private final Dialect anthropic = DIALECTS.byId("anthropic");

    @ParameterizedTest
    @CsvSource(textBlock = """
                    CALLER_INVALID_KEY,          invalid_request_error, invalid_api_key,     authentication_error,  401
                    CALLER_BAD_REQUEST,          invalid_request_error, bad_request,         invalid_request_error, 400
                    CALLER_TOO_LARGE,            invalid_request_error, request_too_large,   request_too_large,     413
                    CALLER_MODEL_UNKNOWN,        invalid_request_error, model_not_found,     not_found_error,       404
                    POLICY_MODEL_NOT_ALLOWED,    invalid_request_error, model_not_allowed,   permission_error,      403
                    POLICY_RATE_LIMITED,         requests,              rate_limit_exceeded, rate_limit_error,      429
                    POLICY_BUDGET_EXCEEDED,      insufficient_quota,    insufficient_quota,  billing_error,         402
                    POLICY_EXCEEDS_LIMIT,        invalid_request_error, exceeds_limit,       invalid_request_error, 400
                    POLICY_UNPRICED,             invalid_request_error, model_unpriced,      permission_error,      403
                    PROVIDER_RATE_LIMITED,       requests,              rate_limit_exceeded, rate_limit_error,      429
                    PROVIDER_OVERLOADED,         server_error,          overloaded,          overloaded_error,      529
                    GATEWAY_LIMITER_UNAVAILABLE, server_error,          limiter_unavailable, overloaded_error,      529
                    PROVIDER_UNREACHABLE,        server_error,          upstream_unreachable, api_error,            502
                    PROVIDER_TIMEOUT,            server_error,          upstream_timeout,    api_error,             504
                    GATEWAY_INTERNAL,            server_error,          internal_error,      api_error,             500
                    """)
    void eachCodeHasItsTypeInEachDialect(
            ErrorCode code, String openaiType, String openaiCode, String anthropicType, int anthropicStatus) {
        Refusal refusal = new Refusal(code, "what happened").at("field");
        JsonNode chat = Json.read(openai.errorBody(refusal, "c-1"));
        assertThat(chat.at("/error/type").stringValue()).isEqualTo(openaiType);
        assertThat(chat.at("/error/code").stringValue()).isEqualTo(openaiCode);
        assertThat(chat.at("/error/param").stringValue()).isEqualTo("field");
        assertThat(chat.at("/error/message").stringValue()).isEqualTo("what happened");
        assertThat(openai.errorStatus(refusal)).isEqualTo(code.status());

        JsonNode messages = Json.read(anthropic.errorBody(refusal, "c-1"));
        assertThat(messages.path("type").stringValue()).isEqualTo("error");
        assertThat(messages.at("/error/type").stringValue()).isEqualTo(anthropicType);
        assertThat(messages.at("/error/message").stringValue()).contains("field", "what happened");
        assertThat(messages.path("request_id").stringValue()).isEqualTo("c-1");
        assertThat(anthropic.errorStatus(refusal)).isEqualTo(anthropicStatus);
    }

    @Test
    void aSpentBudgetIsToldInEachDialectSoThatNoSdkTriesAgain() {
        Refusal spent = new Refusal(ErrorCode.POLICY_BUDGET_EXCEEDED, "team \"search\" has spent 500 of 500 USD");
        dialects().forEach(dialect -> {
            // What SDKs of any of the dialects repeat by its status.
            assertThat(dialect.errorStatus(spent))
                    .as(dialect.id())
                    .isNotIn(408, 409, 429)
                    .isBetween(400, 499);
            assertThat(new String(dialect.errorBody(spent, "c-1"), StandardCharsets.UTF_8))
                    .as(dialect.id())
                    .contains("has spent 500 of 500 USD");
        });

        JsonNode gemini =
                Json.read(DIALECTS.byId("gemini").errorBody(spent, "c-1")).path("error");
        assertThat(gemini.path("code").intValue()).isEqualTo(402);
        assertThat(gemini.path("status").stringValue()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(gemini.path("details").toString())
                .contains("google.rpc.QuotaFailure")
                .doesNotContain("RetryInfo");

        Dialect bedrock = DIALECTS.byId("bedrock");
        assertThat(bedrock.errorStatus(spent)).isEqualTo(400);
        // AWS's SDKs repeat what they take for throttling by its name, whatever the status.
        assertThat(bedrock.errorHeaders(spent, "c-1"))
                .contains(new Header("x-amzn-errortype", "ServiceQuotaExceededException"));
        assertThat(bedrock.errorFrames(spent, "c-1").get(0).event()).isEqualTo("exception:validationException");
    }

    private static Stream<Dialect> dialects() {
        return DIALECTS.ids().stream().sorted().map(DIALECTS::byId);
    }

    @TestFactory
    Stream<DynamicTest> anErrorReachesCallersOfEveryDialectFromProvidersOfEvery() {
        return dialects()
                .flatMap(targets -> dialects()
                        .map(callers -> DynamicTest.dynamicTest(targets.id() + " to " + callers.id(), () -> {
                            for (ErrorCode code : ErrorCode.values()) {
                                reaches(code, targets, callers);
                            }
                        })));
    }

    private static void reaches(ErrorCode code, Dialect targets, Dialect callers) {
        Refusal refusal = new Refusal(code, "what happened");
        int status = targets.errorStatus(refusal);
        byte[] sent = targets.errorBody(refusal, "c-1");
        ProviderError read = targets.readError(status, Json.read(sent), "");
        assertThat(read.status()).isEqualTo(status);
        assertThat(read.message()).as("what the provider said").contains("what happened");

        byte[] told = callers.errorBody(new Refusal(code, read.message()), "c-2");
        assertThat(callers.isErrorBody(Json.read(told))).isTrue();
        assertThat(callers.readError(code.status(), Json.read(told), "").message())
                .contains("what happened");
        assertThat(callers.errorStatus(refusal)).isBetween(400, 599);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void anErrorInAStreamIsNoMarkOfSuccess(ErrorCode code) {
        Refusal refusal = new Refusal(code, "what happened");
        dialects().forEach(dialect -> {
            // Responses are told twice: by an event, and by the response that failed.
            assertThat(dialect.errorFrames(refusal, "c-1"))
                    .as(dialect.id())
                    .hasSize(dialect.id().equals("openai-responses") ? 2 : 1);
            dialect.errorFrames(refusal, "c-1").forEach(frame -> assertFailure(dialect, frame));
        });
        assertThat(anthropic.errorFrames(refusal, "c-1").get(0).event()).isEqualTo("error");
    }

    private static void assertFailure(Dialect dialect, Frame frame) {
        boolean exception = ExceptionFrames.read(frame) != null;
        assertThat(exception || dialect.observer().see(frame) == StreamObserver.Sight.ERROR)
                .as(dialect.id())
                .isTrue();
        // Cohere's own word for it; any other reason would be one for success.
        assertThat(frame.data().replace("\"finish_reason\":\"ERROR\"", ""))
                .as(dialect.id())
                .doesNotContain("[DONE]", "message_stop", "finish_reason", "stop_reason", "response.completed");
    }

    @Test
    void aProvidersOwnWordStaysWhereItMeansTheSame() {
        Refusal quota = new Refusal(ErrorCode.PROVIDER_RATE_LIMITED, "spent")
                .asProviderSaid(429, "insufficient_quota", "insufficient_quota");
        assertThat(Json.read(openai.errorBody(quota, "c")).at("/error/type").stringValue())
                .isEqualTo("insufficient_quota");
        assertThat(Json.read(anthropic.errorBody(quota, "c")).at("/error/type").stringValue())
                .isEqualTo("rate_limit_error");

        Refusal billing = new Refusal(ErrorCode.PROVIDER_REJECTED, "pay").asProviderSaid(400, "billing_error", null);
        assertThat(Json.read(anthropic.errorBody(billing, "c"))
                        .at("/error/type")
                        .stringValue())
                .isEqualTo("billing_error");
        assertThat(Json.read(openai.errorBody(billing, "c")).at("/error/type").stringValue())
                .isEqualTo("invalid_request_error");

        Refusal unknown = new Refusal(ErrorCode.PROVIDER_REJECTED, "which?")
                .asProviderSaid(404, "invalid_request_error", "model_not_found");
        assertThat(Json.read(anthropic.errorBody(unknown, "c"))
                        .at("/error/type")
                        .stringValue())
                .isEqualTo("not_found_error");
        assertThat(Json.read(openai.errorBody(unknown, "c")).at("/error/code").stringValue())
                .isEqualTo("model_not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\": {\"message\": \"no\", \"type\": \"t\", \"code\": \"c\", \"param\": \"p\"}}",
                "{\"message\": \"no\", \"type\": \"t\", \"code\": \"c\", \"param\": \"p\"}",
                "[{\"error\": {\"message\": \"no\", \"type\": \"t\", \"code\": \"c\", \"param\": \"p\"}}]",
                "{\"type\": \"error\", \"error\": {\"type\": \"t\", \"message\": \"no\", \"code\": \"c\", \"param\": \"p\"}}"
            })
    void anErrorIsReadInWhateverShapeItComes(String body) {
        assertThat(openai.readError(418, Json.read(body), body)).isEqualTo(new ProviderError(418, "t", "c", "p", "no"));
        assertThat(anthropic.readError(418, Json.read(body), body))
                .isEqualTo(new ProviderError(418, "t", "c", "p", "no"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"error": "no"} | no
                    {"code": "x", "error": "no"} | no
                    {"detail": "no"} | no
                    {"detail": [{"loc": ["body"], "msg": "no"}]} | no
                    {} | The provider answered 500 without a message
                    """)
    void theMessageIsFoundWhereverItStands(String body, String message) {
        assertThat(openai.readError(500, Json.read(body), body).message()).isEqualTo(message);
    }

    @Test
    void aBodyThatIsNotJsonIsNotQuoted() {
        ProviderError error = openai.readError(502, null, "<html>internal-host-7</html>");
        assertThat(error.message()).contains("502").doesNotContain("internal-host-7");
    }
}
