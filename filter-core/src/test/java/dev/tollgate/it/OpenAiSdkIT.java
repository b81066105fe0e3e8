package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ReasoningEffort;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletion.Choice.FinishReason;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.models.Model;
import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's own SDK, unmodified, through the gateway in real servers, to a provider of its dialect and to one of another. */
@ParameterizedClass
@EnumSource
class OpenAiSdkIT {
    private static final String PIXEL =
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private final OpenAIClient client;

    OpenAiSdkIT(Servers kind) {
        RealGateway gateway = SharedGateways.in(kind);
        client = OpenAIOkHttpClient.builder()
                .baseUrl(gateway.uri("/v1").toString())
                .apiKey(RealGateway.KEY)
                .build();
    }

    /** An answer that is to follow a schema; the SDK derives the schema from it. */
    public static class City {
        public String city;
        public long inhabitants;
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void itAnswers(String provider) {
        ChatCompletion answer = create(ask(provider + "-plain"));

        assertThat(message(answer).content()).contains(FakeProvider.SENTENCE);
        assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
        assertUsage(answer.usage().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void itStreams(String provider) {
        ChatCompletion answer = stream(ask(provider + "-plain")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build()));

        assertThat(message(answer).content()).contains(FakeProvider.SENTENCE);
        assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
        assertUsage(answer.usage().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void aStreamTellsItsUseOnlyToWhomAsksForIt(String provider) {
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(ask(provider + "-plain").build())) {
            assertThat(stream.stream()).allSatisfy(chunk -> {
                assertThat(chunk.usage()).isEmpty();
                assertThat(chunk.choices()).hasSize(1);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void theLimitIsToldAsTheReasonOfTheEnd(String provider) {
        ChatCompletion whole = create(ask(provider + "-length").maxCompletionTokens(3));
        ChatCompletion streamed = stream(ask(provider + "-length").maxCompletionTokens(3));

        assertThat(whole.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(streamed.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void systemAndDeveloperPromptsArrive(String provider) {
        ChatCompletion answer =
                create(ask(provider + "-system").addSystemMessage("Be brief. ").addDeveloperMessage("Be kind."));

        assertThat(message(answer).content().orElseThrow())
                .contains("Be brief.")
                .contains("Be kind.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void imagesArrive(String provider) {
        ChatCompletion answer = create(ChatCompletionCreateParams.builder()
                .model(provider + "-image")
                .addUserMessageOfArrayOfContentParts(
                        List.of(text("What is this?"), image(PIXEL), image("https://example.com/cat.jpg"))));

        assertThat(message(answer).content()).contains("I see image/png:70 and https://example.com/cat.jpg");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void aToolIsCalledAndItsResultGoesBackInTheNextTurn(String provider) {
        ChatCompletionCreateParams.Builder conversation = withTool(ask(provider + "-tools"));
        ChatCompletionMessage asking = message(create(conversation));

        List<ChatCompletionMessageFunctionToolCall> calls = calls(asking);
        assertThat(calls).hasSize(1);
        assertParisCall(calls.get(0));
        ChatCompletion answer = create(conversation.addMessage(asking).addMessage(result(calls.get(0), "sunny")));
        assertThat(message(answer).content()).contains("I hear: sunny");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void parallelToolsAreStreamedAndAnsweredInTheOtherOrder(String provider) {
        ChatCompletionCreateParams.Builder conversation = withTool(ask(provider + "-two-tools"));
        ChatCompletion first = stream(conversation);

        List<ChatCompletionMessageFunctionToolCall> calls = calls(message(first));
        assertThat(first.choices().get(0).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(calls).hasSize(2);
        assertParisCall(calls.get(0));
        assertThat(calls.get(1).function().arguments(WeatherOf.class).city).isEqualTo("London");
        ChatCompletion answer = stream(conversation
                .addMessage(message(first))
                .addMessage(result(calls.get(1), "rain"))
                .addMessage(result(calls.get(0), "sunny")));
        assertThat(message(answer).content().orElseThrow()).contains("rain").contains("sunny");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void anAnswerFollowsTheSchemaOfAClass(String provider) {
        StructuredChatCompletionCreateParams<City> params =
                ask(provider + "-schema").responseFormat(City.class).build();

        City whole = client.chat()
                .completions()
                .create(params)
                .choices()
                .get(0)
                .message()
                .content()
                .orElseThrow();

        assertThat(whole.city).isEqualTo("Paris");
        assertThat(whole.inhabitants).isEqualTo(2102650);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void aStreamedAnswerFollowsTheSchemaOfAClass(String provider) {
        ChatCompletionAccumulator all = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(
                        ask(provider + "-schema").responseFormat(City.class).build())) {
            stream.stream().forEach(all::accumulate);
        }

        City city = all.chatCompletion(City.class)
                .choices()
                .get(0)
                .message()
                .content()
                .orElseThrow();
        assertThat(city.city).isEqualTo("Paris");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void whatAModelThinksStandsBesideItsAnswer(String provider) {
        ChatCompletion answer = create(ask(provider + "-thinking").reasoningEffort(ReasoningEffort.HIGH));

        assertThat(message(answer).content()).contains(FakeProvider.SENTENCE);
        assertThat(message(answer)._allProperties().get("reasoning_content"))
                .isEqualTo(JsonValue.from(FakeProvider.THOUGHT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void toolsGoOnAfterThinking(String provider) {
        ChatCompletionCreateParams.Builder conversation =
                withTool(ask(provider + "-thinking").reasoningEffort(ReasoningEffort.HIGH));
        ChatCompletionMessage asking = message(create(conversation));

        ChatCompletion answer = create(
                conversation.addMessage(asking).addMessage(result(calls(asking).get(0), "sunny")));

        assertThat(message(answer).content()).contains("I hear: sunny");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherProviderAnswersWhenTheFirstFails(boolean streamed) {
        ChatCompletion answer = streamed ? stream(ask("sturdy")) : create(ask("sturdy"));

        assertThat(message(answer).content()).contains(FakeProvider.SENTENCE);
    }

    @Test
    void theModelsThatTheKeyMayUseAreListed() {
        OpenAIClient plain = client.withOptions(options -> options.apiKey(RealGateway.PLAIN_KEY));

        assertThat(client.models().list().data()).extracting(Model::id).contains("sturdy");
        assertThat(plain.models().list().data()).extracting(Model::id).doesNotContain("sturdy");
        assertThat(plain.models().retrieve("ant-plain").id()).isEqualTo("ant-plain");
    }

    // --- the conversation

    private static ChatCompletionCreateParams.Builder ask(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("What is the capital of France?");
    }

    private ChatCompletion create(ChatCompletionCreateParams.Builder params) {
        return client.chat().completions().create(params.build()).validate();
    }

    private ChatCompletion stream(ChatCompletionCreateParams.Builder params) {
        ChatCompletionAccumulator all = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params.build())) {
            stream.stream().map(ChatCompletionChunk::validate).forEach(all::accumulate);
        }
        return all.chatCompletion().validate();
    }

    private static ChatCompletionMessage message(ChatCompletion answer) {
        assertThat(answer.choices()).hasSize(1);
        return answer.choices().get(0).message();
    }

    private static void assertUsage(CompletionUsage usage) {
        assertThat(usage.promptTokens()).isEqualTo(25);
        assertThat(usage.completionTokens()).isEqualTo(12);
        assertThat(usage.totalTokens()).isEqualTo(37);
        assertThat(usage.promptTokensDetails().orElseThrow().cachedTokens()).contains(5L);
    }

    private static ChatCompletionContentPart text(String text) {
        return ChatCompletionContentPart.ofText(
                ChatCompletionContentPartText.builder().text(text).build());
    }

    private static ChatCompletionContentPart image(String url) {
        return ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                        .url(url)
                        .build())
                .build());
    }

    /** The arguments of the tool. */
    public static class WeatherOf {
        public String city;
        public Map<String, Object> options;
    }

    private static ChatCompletionCreateParams.Builder withTool(ChatCompletionCreateParams.Builder params) {
        return params.addFunctionTool(FunctionDefinition.builder()
                .name("get_weather")
                .description("The weather of a city")
                .parameters(FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                                "properties",
                                JsonValue.from(
                                        Map.of("city", Map.of("type", "string"), "options", Map.of("type", "object"))))
                        .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                        .build())
                .build());
    }

    private static List<ChatCompletionMessageFunctionToolCall> calls(ChatCompletionMessage message) {
        return message.toolCalls().orElseThrow().stream()
                .map(ChatCompletionMessageToolCall::asFunction)
                .toList();
    }

    private static void assertParisCall(ChatCompletionMessageFunctionToolCall call) {
        assertThat(call.id()).isNotEmpty();
        assertThat(call.function().name()).isEqualTo("get_weather");
        WeatherOf arguments = call.function().arguments(WeatherOf.class);
        assertThat(arguments.city).isEqualTo("Paris");
        assertThat(arguments.options).containsEntry("unit", "°C").containsEntry("days", 1);
    }

    private static ChatCompletionToolMessageParam result(ChatCompletionMessageFunctionToolCall call, String text) {
        return ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .content(text)
                .build();
    }
}
