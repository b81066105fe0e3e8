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
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.StructuredResponseOutputMessage;
import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Responses API of OpenAI's own SDK through the gateway in real servers, to providers that do not speak it. */
@ParameterizedClass
@EnumSource
class OpenAiResponsesSdkIT {
    private final RealGateway gateway;
    private final OpenAIClient client;

    OpenAiResponsesSdkIT(Servers kind) {
        gateway = SharedGateways.in(kind);
        client = client(RealGateway.KEY);
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.uri("/v1").toString())
                .apiKey(key)
                .build();
    }

    /** An answer that is to follow a schema; the SDK derives the schema from it. */
    public static class City {
        public String city;
        public long inhabitants;
    }

    @ParameterizedTest
    @CsvSource({"chat,false", "ant,false", "gem,false", "chat,true", "ant,true", "gem,true"})
    void itAnswers(String provider, boolean streamed) {
        Response answer = answer(ask(provider + "-plain"), streamed);

        assertThat(text(answer)).isEqualTo(FakeProvider.SENTENCE);
        assertThat(answer.status()).contains(ResponseStatus.COMPLETED);
        assertThat(answer.usage().orElseThrow().inputTokens()).isEqualTo(25);
        assertThat(answer.usage().orElseThrow().inputTokensDetails().cachedTokens())
                .isEqualTo(5);
        assertThat(answer.usage().orElseThrow().outputTokens()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({"chat,false", "ant,false", "gem,false", "chat,true", "ant,true", "gem,true"})
    void theLimitLeavesTheAnswerIncomplete(String provider, boolean streamed) {
        Response answer = answer(ask(provider + "-length").maxOutputTokens(16), streamed);

        assertThat(answer.status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(answer.incompleteDetails().orElseThrow().reason())
                .contains(Response.IncompleteDetails.Reason.MAX_OUTPUT_TOKENS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "ant", "gem"})
    void instructionsArrive(String provider) {
        assertThat(text(answer(ask(provider + "-system").instructions("Be brief."), false)))
                .isEqualTo("I was told: Be brief.");
    }

    @ParameterizedTest
    @CsvSource({"chat,false", "ant,false", "gem,false", "chat,true", "ant,true", "gem,true"})
    void toolsAreCalledInParallelAndAnsweredInTheOtherOrder(String provider, boolean streamed) {
        List<ResponseInputItem> conversation = new ArrayList<>(List.of(question()));
        Response first = answer(withTool(provider + "-two-tools", conversation), streamed);

        List<ResponseFunctionToolCall> calls = calls(first);
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).name()).isEqualTo("get_weather");
        assertThat(calls.get(0).arguments(WeatherOf.class).city).isEqualTo("Paris");
        assertThat(calls.get(0).arguments(WeatherOf.class).options).containsEntry("unit", "°C");
        assertThat(calls.get(1).arguments(WeatherOf.class).city).isEqualTo("London");
        conversation.addAll(asInput(first));
        conversation.add(result(calls.get(1), "rain"));
        conversation.add(result(calls.get(0), "sunny"));
        assertThat(text(answer(withTool(provider + "-two-tools", conversation), streamed)))
                .startsWith("I hear: ")
                .contains("rain")
                .contains("sunny");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void signedThoughtsComeBackToTheirMakerBeforeToolResults(boolean streamed) {
        List<ResponseInputItem> conversation = new ArrayList<>(List.of(question()));
        Response first = answer(thinking(conversation), streamed);

        assertThat(reasoning(first)).hasSize(1);
        assertThat(reasoning(first).get(0).encryptedContent()).isPresent();
        assertThat(first.output().get(0).isReasoning()).isTrue();
        conversation.addAll(asInput(first));
        conversation.add(result(calls(first).get(0), "sunny"));
        assertThat(text(answer(thinking(conversation), streamed))).isEqualTo("I hear: sunny");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "ant", "gem"})
    void anAnswerFollowsTheSchemaOfAClass(String provider) {
        City city = client
                .responses()
                .create(ask(provider + "-schema").text(City.class).build())
                .output()
                .stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .map(StructuredResponseOutputMessage.Content::asOutputText)
                .findFirst()
                .orElseThrow();

        assertThat(city.city).isEqualTo("Paris");
        assertThat(city.inhabitants).isEqualTo(2102650);
    }

    // --- errors

    @Test
    void aWrongKeyIsRaised() {
        UnauthorizedException raised = catchThrowableOfType(
                UnauthorizedException.class,
                () -> client("tg-nobody").responses().create(ask("ant-plain").build()));

        assertThat(raised.statusCode()).isEqualTo(401);
        assertThat(raised.code()).contains("invalid_api_key");
    }

    @Test
    void anUnknownModelIsRaised() {
        NotFoundException raised = catchThrowableOfType(
                NotFoundException.class,
                () -> client.responses().createStreaming(ask("nothing").build()));

        assertThat(raised.getMessage()).contains("nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat-status-400", "ant-status-400", "gem-status-400"})
    void whatTheProviderRefusesIsRaisedWithItsWords(String model) {
        BadRequestException raised = catchThrowableOfType(
                BadRequestException.class,
                () -> client.responses().create(ask(model).build()));

        assertThat(raised.getMessage()).contains("this is what 400 looks like");
    }

    @Test
    void aFaultOfTheProviderIsRaised() {
        InternalServerException raised = catchThrowableOfType(
                InternalServerException.class,
                () -> client.responses().create(ask("ant-status-500").build()));

        assertThat(raised.statusCode()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat-cut", "ant-cut", "gem-cut"})
    void aStreamThatFailsOnItsWayIsNoCompleteResponse(String model) {
        List<ResponseStreamEvent> seen = new ArrayList<>();
        OpenAIException raised = catchThrowableOfType(OpenAIException.class, () -> {
            try (StreamResponse<ResponseStreamEvent> stream =
                    client.responses().createStreaming(ask(model).build())) {
                stream.stream().forEach(event -> {
                    seen.add(event);
                    if (event.isOutputTextDelta()) {
                        gateway.provider().goOn();
                    }
                });
            }
        });

        assertThat(seen).noneMatch(ResponseStreamEvent::isCompleted);
        assertThat(raised != null || seen.stream().anyMatch(event -> event.isFailed() || event.isError()))
                .as("an error is told: %s", seen)
                .isTrue();
    }

    // --- the conversation

    private Response answer(ResponseCreateParams.Builder params, boolean streamed) {
        if (!streamed) {
            return client.responses().create(params.build()).validate();
        }
        ResponseAccumulator all = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(params.build())) {
            stream.stream().map(ResponseStreamEvent::validate).forEach(all::accumulate);
        }
        return all.response().validate();
    }

    private static ResponseCreateParams.Builder ask(String model) {
        return ResponseCreateParams.builder().model(model).input("What is the capital of France?");
    }

    private static ResponseInputItem question() {
        return ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .content("How is the weather?")
                .build());
    }

    private static ResponseCreateParams.Builder thinking(List<ResponseInputItem> conversation) {
        return withTool("ant-thinking", conversation)
                .store(false)
                .addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT)
                .reasoning(Reasoning.builder().effort(ReasoningEffort.HIGH).build());
    }

    /** The arguments of the tool. */
    public static class WeatherOf {
        public String city;
        public Map<String, Object> options;
    }

    private static ResponseCreateParams.Builder withTool(String model, List<ResponseInputItem> conversation) {
        return ResponseCreateParams.builder()
                .model(model)
                .inputOfResponse(conversation)
                .addTool(FunctionTool.builder()
                        .name("get_weather")
                        .description("The weather of a city")
                        .strict(false)
                        .parameters(FunctionTool.Parameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                                .build())
                        .build());
    }

    private static ResponseInputItem result(ResponseFunctionToolCall call, String text) {
        return ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.callId())
                .output(text)
                .build());
    }

    /** The items of an answer as those of the next question. */
    private static List<ResponseInputItem> asInput(Response answer) {
        return answer.output().stream()
                .map(item -> item.isReasoning()
                        ? ResponseInputItem.ofReasoning(item.asReasoning())
                        : item.isFunctionCall()
                                ? ResponseInputItem.ofFunctionCall(item.asFunctionCall())
                                : ResponseInputItem.ofResponseOutputMessage(item.asMessage()))
                .toList();
    }

    private static List<ResponseFunctionToolCall> calls(Response answer) {
        return answer.output().stream()
                .map(ResponseOutputItem::functionCall)
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<ResponseReasoningItem> reasoning(Response answer) {
        return answer.output().stream()
                .map(ResponseOutputItem::reasoning)
                .flatMap(Optional::stream)
                .toList();
    }

    private static String text(Response answer) {
        Stream<ResponseOutputMessage> messages =
                answer.output().stream().map(ResponseOutputItem::message).flatMap(Optional::stream);
        return messages.flatMap(message -> message.content().stream())
                .map(content -> content.asOutputText().text())
                .collect(Collectors.joining());
    }
}
