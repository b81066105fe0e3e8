package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.StructuredMessage;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.ThinkingBlock;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.messages.Usage;
import com.anthropic.models.models.ModelInfo;
import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Anthropic's own SDK, unmodified, through the gateway in real servers, to a provider of its dialect and to one of another. */
@ParameterizedClass
@EnumSource
class AnthropicSdkIT {
    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private final RealGateway gateway;
    private final AnthropicClient client;

    AnthropicSdkIT(Servers kind) {
        gateway = SharedGateways.in(kind);
        client = client(RealGateway.KEY);
    }

    private AnthropicClient client(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(gateway.uri().toString())
                .apiKey(key)
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
        Message answer = create(ask(provider + "-plain"));

        assertThat(text(answer)).isEqualTo(FakeProvider.SENTENCE);
        assertThat(answer.stopReason()).contains(StopReason.END_TURN);
        assertUsage(answer.usage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void itStreams(String provider) {
        Message answer = stream(ask(provider + "-plain"));

        assertThat(text(answer)).isEqualTo(FakeProvider.SENTENCE);
        assertThat(answer.stopReason()).contains(StopReason.END_TURN);
        assertUsage(answer.usage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void bothWaysToShowTheKeyAreTaken(String provider) {
        AnthropicClient byToken = AnthropicOkHttpClient.builder()
                .baseUrl(gateway.uri().toString())
                .authToken(RealGateway.KEY)
                .build();

        assertThat(text(byToken.messages().create(ask(provider + "-plain").build())))
                .isEqualTo(FakeProvider.SENTENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void theLimitIsToldAsTheReasonOfTheEnd(String provider) {
        assertThat(create(ask(provider + "-length")).stopReason()).contains(StopReason.MAX_TOKENS);
        assertThat(stream(ask(provider + "-length")).stopReason()).contains(StopReason.MAX_TOKENS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void theSystemPromptArrives(String provider) {
        Message whole = create(ask(provider + "-system").system("Be brief."));
        Message inBlocks = create(
                ask(provider + "-system").systemOfTextBlockParams(List.of(block("Be brief. "), block("Be kind."))));

        assertThat(text(whole)).isEqualTo("I was told: Be brief.");
        assertThat(text(inBlocks)).contains("Be brief.").contains("Be kind.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void imagesArrive(String provider) {
        ImageBlockParam given = ImageBlockParam.builder()
                .source(Base64ImageSource.builder()
                        .data(PIXEL)
                        .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                        .build())
                .build();
        ImageBlockParam linked = ImageBlockParam.builder()
                .urlSource("https://example.com/cat.jpg")
                .build();

        Message answer = create(MessageCreateParams.builder()
                .model(provider + "-image")
                .maxTokens(100)
                .addUserMessageOfContentBlockParams(List.of(
                        ContentBlockParam.ofText(block("What is this?")),
                        ContentBlockParam.ofImage(given),
                        ContentBlockParam.ofImage(linked))));

        assertThat(text(answer)).isEqualTo("I see image/png:70 and https://example.com/cat.jpg");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void aToolIsCalledAndItsResultGoesBackInTheNextTurn(String provider) {
        MessageCreateParams.Builder conversation = ask(provider + "-tools").addTool(weather());
        Message asking = create(conversation);

        assertThat(asking.stopReason()).contains(StopReason.TOOL_USE);
        List<ToolUseBlock> calls = calls(asking);
        assertThat(calls).hasSize(1);
        assertParisCall(calls.get(0));
        Message answer = create(conversation
                .addMessage(asking)
                .addUserMessageOfContentBlockParams(List.of(result(calls.get(0), "sunny"))));
        assertThat(text(answer)).isEqualTo("I hear: sunny");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void parallelToolsAreStreamedAndAnsweredInTheOtherOrder(String provider) {
        MessageCreateParams.Builder conversation = ask(provider + "-two-tools").addTool(weather());
        Message asking = stream(conversation);

        List<ToolUseBlock> calls = calls(asking);
        assertThat(asking.stopReason()).contains(StopReason.TOOL_USE);
        assertThat(calls).hasSize(2);
        assertParisCall(calls.get(0));
        assertThat(input(calls.get(1)).get("city")).isEqualTo("London");
        Message answer = stream(conversation
                .addMessage(asking)
                .addUserMessageOfContentBlockParams(
                        List.of(result(calls.get(1), "rain"), result(calls.get(0), "sunny"))));
        assertThat(text(answer)).contains("rain").contains("sunny");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void anAnswerFollowsTheSchemaOfAClass(String provider) {
        StructuredMessage<City> answer = client.messages()
                .create(ask(provider + "-schema").outputConfig(City.class).build());

        City city = answer.content().get(0).asText().text();
        assertThat(city.city).isEqualTo("Paris");
        assertThat(city.inhabitants).isEqualTo(2102650);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void aStreamedAnswerFollowsTheSchemaOfAClass(String provider) {
        MessageAccumulator all = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages()
                .createStreaming(
                        ask(provider + "-schema").outputConfig(City.class).build())) {
            stream.stream().forEach(all::accumulate);
        }

        assertThat(all.message(City.class).content().get(0).asText().text().city)
                .isEqualTo("Paris");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void whatAModelThinksStandsBeforeItsAnswer(String provider) {
        MessageCreateParams.Builder params = ask(provider + "-thinking").enabledThinking(1024);

        for (Message answer : List.of(create(params), stream(params))) {
            assertThat(answer.content().get(0).asThinking().thinking()).isEqualTo(FakeProvider.THOUGHT);
            assertThat(text(answer)).isEqualTo(FakeProvider.SENTENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSignedThoughtGoesBackBeforeTheToolsResult(boolean streamed) {
        MessageCreateParams.Builder conversation =
                ask("ant-thinking").enabledThinking(1024).addTool(weather());
        Message asking = streamed ? stream(conversation) : create(conversation);
        ThinkingBlock thought = asking.content().get(0).asThinking();
        assertThat(thought.signature()).isNotEmpty();

        // The fake provider refuses a tool's call whose thought does not come back with its signature.
        conversation
                .addMessage(asking)
                .addUserMessageOfContentBlockParams(List.of(result(calls(asking).get(0), "sunny")));
        Message answer = streamed ? stream(conversation) : create(conversation);
        assertThat(text(answer)).isEqualTo("I hear: sunny");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aThoughtOfAnotherDialectsModelDoesNotHinderTheNextTurn(boolean streamed) {
        MessageCreateParams.Builder conversation =
                ask("oai-thinking").enabledThinking(1024).addTool(weather());
        Message asking = streamed ? stream(conversation) : create(conversation);

        conversation
                .addMessage(asking)
                .addUserMessageOfContentBlockParams(List.of(result(calls(asking).get(0), "sunny")));

        assertThat(text(streamed ? stream(conversation) : create(conversation))).isEqualTo("I hear: sunny");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherProviderAnswersWhenTheFirstFails(boolean streamed) {
        assertThat(text(streamed ? stream(ask("sturdy")) : create(ask("sturdy"))))
                .isEqualTo(FakeProvider.SENTENCE);
    }

    @Test
    void theModelsThatTheKeyMayUseAreListed() {
        AnthropicClient plain = client(RealGateway.PLAIN_KEY);

        assertThat(client.models().list().data()).extracting(ModelInfo::id).contains("sturdy");
        assertThat(plain.models().list().data()).extracting(ModelInfo::id).doesNotContain("sturdy");
        assertThat(plain.models().retrieve("ant-plain").id()).isEqualTo("ant-plain");
    }

    // --- the conversation

    private static MessageCreateParams.Builder ask(String model) {
        return MessageCreateParams.builder()
                .model(model)
                .maxTokens(2048)
                .addUserMessage("What is the capital of France?");
    }

    private Message create(MessageCreateParams.Builder params) {
        return client.messages().create(params.build()).validate();
    }

    private Message stream(MessageCreateParams.Builder params) {
        MessageAccumulator all = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(params.build())) {
            stream.stream().map(RawMessageStreamEvent::validate).forEach(all::accumulate);
        }
        return all.message().validate();
    }

    private static String text(Message answer) {
        return answer.content().stream()
                .flatMap(block -> block.text().stream())
                .map(block -> block.text())
                .collect(Collectors.joining());
    }

    private static void assertUsage(Usage usage) {
        assertThat(usage.inputTokens()).isEqualTo(20);
        assertThat(usage.cacheReadInputTokens()).contains(5L);
        assertThat(usage.outputTokens()).isEqualTo(12);
    }

    private static TextBlockParam block(String text) {
        return TextBlockParam.builder().text(text).build();
    }

    private static Tool weather() {
        return Tool.builder()
                .name("get_weather")
                .description("The weather of a city")
                .inputSchema(Tool.InputSchema.builder()
                        .properties(Tool.InputSchema.Properties.builder()
                                .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                                .putAdditionalProperty("options", JsonValue.from(Map.of("type", "object")))
                                .build())
                        .addRequired("city")
                        .build())
                .build();
    }

    private static List<ToolUseBlock> calls(Message message) {
        return message.content().stream()
                .filter(ContentBlock::isToolUse)
                .map(ContentBlock::asToolUse)
                .toList();
    }

    private static Map<?, ?> input(ToolUseBlock call) {
        return call._input().convert(Map.class);
    }

    private static void assertParisCall(ToolUseBlock call) {
        assertThat(call.name()).isEqualTo("get_weather");
        assertThat(input(call)).isEqualTo(Map.of("city", "Paris", "options", Map.of("unit", "°C", "days", 1)));
    }

    private static ContentBlockParam result(ToolUseBlock call, String text) {
        return ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                .toolUseId(call.id())
                .content(text)
                .build());
    }
}
