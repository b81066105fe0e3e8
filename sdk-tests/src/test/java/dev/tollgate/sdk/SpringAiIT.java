package dev.tollgate.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.anthropic.errors.AnthropicServiceException;
import com.openai.errors.OpenAIServiceException;
import dev.tollgate.json.Json;
import dev.tollgate.testing.FakeEmbeddings;
import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** The models of Spring AI, without Spring Boot, through the gateway in real servers, each to a provider of another dialect. */
@ParameterizedClass
@EnumSource
class SpringAiIT {
    private final RealGateway gateway;

    SpringAiIT(Servers kind) {
        gateway = SharedGateways.in(kind);
    }

    @ParameterizedTest
    @CsvSource({"openai,ant", "openai,gem", "anthropic,oai", "anthropic,gem"})
    void itAnswers(String client, String provider) {
        ChatResponse answer = model(client, provider + "-plain").call(question(client, provider + "-plain"));

        assertThat(answer.getResult().getOutput().getText()).isEqualTo(FakeProvider.SENTENCE);
        assertThat(answer.getMetadata().getUsage().getCompletionTokens()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({"openai,ant", "openai,gem", "anthropic,oai", "anthropic,gem"})
    void itStreams(String client, String provider) {
        List<ChatResponse> pieces = stream(client, provider + "-plain");

        assertThat(text(pieces)).isEqualTo(FakeProvider.SENTENCE);
    }

    @ParameterizedTest
    @CsvSource({"openai,ant", "openai,gem", "anthropic,oai", "anthropic,gem"})
    void systemPromptsArrive(String client, String provider) {
        String model = provider + "-system";
        Prompt prompt = new Prompt(
                List.of(new SystemMessage("Be brief."), new UserMessage("Hi")),
                options(client, model, RealGateway.KEY));

        assertThat(model(client, model).call(prompt).getResult().getOutput().getText())
                .isEqualTo("I was told: Be brief.");
    }

    @ParameterizedTest
    @CsvSource({
        "openai,ant,false",
        "openai,gem,false",
        "anthropic,oai,false",
        "anthropic,gem,true",
        "openai,ant,true",
        "anthropic,oai,true"
    })
    void toolsAreCalledInParallelAndTheirResultsGoBack(String client, String provider, boolean streamed) {
        String model = provider + "-two-tools";
        Prompt asked = question(client, model);
        ChatResponse first = streamed
                ? model(client, model).stream(asked)
                        .filter(ChatResponse::hasToolCalls)
                        .blockLast(Duration.ofSeconds(30))
                : model(client, model).call(asked);

        List<AssistantMessage.ToolCall> calls = first.getResult().getOutput().getToolCalls();
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).name()).isEqualTo("get_weather");
        assertThat(Json.read(calls.get(0).arguments()).at("/options/unit").asString())
                .isEqualTo("°C");
        Prompt answered = new Prompt(
                ToolCallingManager.builder()
                        .build()
                        .executeToolCalls(asked, first)
                        .conversationHistory(),
                asked.getOptions());
        String heard = streamed
                ? text(model(client, model).stream(answered).collectList().block(Duration.ofSeconds(30)))
                : model(client, model).call(answered).getResult().getOutput().getText();
        assertThat(heard).startsWith("I hear: ").contains("sunny in Paris").contains("sunny in London");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gem-embed", "coh-embed"})
    void textsAreEmbedded(String model) {
        OpenAiEmbeddingModel embedding = OpenAiEmbeddingModel.builder()
                .options(OpenAiEmbeddingOptions.builder()
                        .baseUrl(gateway.uri("/v1").toString())
                        .apiKey(RealGateway.KEY)
                        .model(model)
                        .build())
                .build();

        List<float[]> vectors = embedding.embed(List.of("one", "three"));

        assertThat(vectors).hasSize(2);
        assertThat(vectors.get(1)[0]).isEqualTo(FakeEmbeddings.vector("three").get(0));
    }

    // --- errors

    @ParameterizedTest
    @CsvSource({
        "openai,ant-status-400,400,this is what 400 looks like",
        "anthropic,oai-status-400,400,this is what 400 looks like",
        "openai,nothing,404,nothing",
        "anthropic,nothing,404,nothing",
        "openai,ant-status-500,500,''",
        "anthropic,oai-status-500,500,''"
    })
    void errorsAreRaised(String client, String model, int status, String message) {
        Throwable raised = catchThrowable(() -> model(client, model).call(question(client, model)));

        assertThat(status(raised)).isEqualTo(status);
        assertThat(raised).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "anthropic"})
    void aWrongKeyIsRaised(String client) {
        Throwable raised = catchThrowable(() -> model(client, "ant-plain", "tg-nobody")
                .call(new Prompt("Hi", options(client, "ant-plain", "tg-nobody"))));

        assertThat(status(raised)).isEqualTo(401);
    }

    private static int status(Throwable raised) {
        return raised instanceof OpenAIServiceException openAi
                ? openAi.statusCode()
                : raised instanceof AnthropicServiceException anthropic ? anthropic.statusCode() : 0;
    }

    // --- the models

    private ChatModel model(String client, String model) {
        return model(client, model, RealGateway.KEY);
    }

    private ChatModel model(String client, String model, String key) {
        ChatOptions options = options(client, model, key);
        return options instanceof OpenAiChatOptions openAi
                ? OpenAiChatModel.builder().options(openAi).build()
                : AnthropicChatModel.builder()
                        .options((AnthropicChatOptions) options)
                        .build();
    }

    private ChatOptions options(String client, String model, String key) {
        return client.equals("openai")
                ? OpenAiChatOptions.builder()
                        .baseUrl(gateway.uri("/v1").toString())
                        .apiKey(key)
                        .model(model)
                        .maxRetries(0)
                        .toolCallbacks(weather())
                        .build()
                : AnthropicChatOptions.builder()
                        .baseUrl(gateway.uri().toString())
                        .apiKey(key)
                        .model(model)
                        .maxTokens(1000)
                        .maxRetries(0)
                        .toolCallbacks(weather())
                        .build();
    }

    /** The arguments of the tool. */
    public record WeatherOf(String city) {}

    private static ToolCallback weather() {
        return FunctionToolCallback.builder("get_weather", (WeatherOf asked) -> "sunny in " + asked.city())
                .description("The weather of a city")
                .inputType(WeatherOf.class)
                .build();
    }

    // --- the conversation

    private Prompt question(String client, String model) {
        return new Prompt("What is the capital of France?", options(client, model, RealGateway.KEY));
    }

    private List<ChatResponse> stream(String client, String model) {
        return model(client, model).stream(question(client, model))
                .collectList()
                .block(Duration.ofSeconds(30));
    }

    private static String text(List<ChatResponse> pieces) {
        return pieces.stream()
                .filter(piece -> piece.getResult() != null)
                .map(piece -> piece.getResult().getOutput().getText())
                .filter(Objects::nonNull)
                .collect(Collectors.joining());
    }
}
