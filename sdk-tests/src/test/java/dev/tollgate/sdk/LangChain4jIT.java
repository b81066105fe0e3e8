package dev.tollgate.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.googleai.GoogleAiEmbeddingModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.tollgate.json.Json;
import dev.tollgate.testing.FakeEmbeddings;
import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The clients of LangChain4j, which offer to go on in HTTP/2 with every request, through the gateway in real servers, each to
 * providers of other dialects.
 */
@ParameterizedClass
@EnumSource
class LangChain4jIT {
    private final RealGateway gateway;

    LangChain4jIT(Servers kind) {
        gateway = SharedGateways.in(kind);
    }

    @ParameterizedTest
    @CsvSource({"openai,ant", "openai,gem", "anthropic,oai", "anthropic,gem", "gemini,oai", "gemini,ant"})
    void itAnswers(String client, String provider) {
        ChatResponse answer =
                chat(client, provider + "-plain").chat(SystemMessage.from("Be brief."), UserMessage.from("Hi"));

        assertThat(answer.aiMessage().text()).isEqualTo(FakeProvider.SENTENCE);
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.tokenUsage().outputTokenCount()).isIn(8, 12);
    }

    @ParameterizedTest
    @CsvSource({"openai,ant", "openai,gem", "anthropic,oai", "anthropic,gem", "gemini,oai", "gemini,ant"})
    void itStreams(String client, String provider) {
        Listening listening = new Listening();
        streaming(client, provider + "-plain").chat(request(List.of(UserMessage.from("Hi"))), listening);

        ChatResponse answer = listening.whole();
        assertThat(listening.pieces).hasSizeGreaterThan(2);
        assertThat(String.join("", listening.pieces)).isEqualTo(FakeProvider.SENTENCE);
        assertThat(answer.aiMessage().text()).isEqualTo(FakeProvider.SENTENCE);
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @ParameterizedTest
    @CsvSource({
        "openai,ant,false",
        "openai,gem,true",
        "anthropic,gem,false",
        "anthropic,oai,false",
        "gemini,oai,false",
        "gemini,ant,false",
        "openai,ant,true",
        "anthropic,oai,true",
        "gemini,oai,true",
        "gemini,ant,true"
    })
    void toolsAreCalledInParallelAndTheirResultsGoBack(String client, String provider, boolean streamed) {
        String model = provider + "-two-tools";
        List<ChatMessage> conversation = new ArrayList<>(List.of(UserMessage.from("How is the weather?")));
        ChatResponse first = answer(client, model, conversation, streamed);

        List<ToolExecutionRequest> calls = first.aiMessage().toolExecutionRequests();
        assertThat(first.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).name()).isEqualTo("get_weather");
        assertThat(Json.read(calls.get(0).arguments()))
                .isEqualTo(Json.read("{\"city\":\"Paris\",\"options\":{\"unit\":\"°C\",\"days\":1}}"));
        assertThat(Json.read(calls.get(1).arguments()).path("city").asString()).isEqualTo("London");
        conversation.add(first.aiMessage());
        conversation.add(ToolExecutionResultMessage.from(calls.get(0), "sunny"));
        conversation.add(ToolExecutionResultMessage.from(calls.get(1), "rain"));
        assertThat(answer(client, model, conversation, streamed).aiMessage().text())
                .startsWith("I hear: ")
                .contains("sunny")
                .contains("rain");
    }

    @ParameterizedTest
    @CsvSource({"openai,gem-embed", "openai,coh-embed", "gemini,oai-embed", "gemini,coh-embed"})
    void textsAreEmbedded(String client, String model) {
        List<Embedding> vectors = embedding(client, model)
                .embedAll(List.of(TextSegment.from("one"), TextSegment.from("three")))
                .content();

        assertThat(vectors)
                .extracting(Embedding::vectorAsList)
                .containsExactly(FakeEmbeddings.vector("one"), FakeEmbeddings.vector("three"));
    }

    // --- errors

    @ParameterizedTest
    @ValueSource(strings = {"openai", "anthropic", "gemini"})
    void aWrongKeyIsRaised(String client) {
        AuthenticationException raised = catchThrowableOfType(
                AuthenticationException.class,
                () -> chat(client, "ant-plain", "tg-nobody").chat("Hi"));

        assertThat(raised).hasMessageContaining("key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "anthropic", "gemini"})
    void anUnknownModelIsRaised(String client) {
        ModelNotFoundException raised = catchThrowableOfType(
                ModelNotFoundException.class, () -> chat(client, "nothing").chat("Hi"));

        assertThat(raised).hasMessageContaining("nothing");
    }

    @ParameterizedTest
    @CsvSource({"openai,ant", "openai,gem", "anthropic,oai", "anthropic,gem", "gemini,oai", "gemini,ant"})
    void whatTheProviderRefusesIsRaisedWithItsWords(String client, String provider) {
        assertThat(catchThrowable(() -> chat(client, provider + "-status-400").chat("Hi")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("this is what 400 looks like");
        assertThat(catchThrowable(() -> chat(client, provider + "-status-429").chat("Hi")))
                .isInstanceOf(RateLimitException.class)
                .hasMessageContaining("this is what 429 looks like");
        assertThat(catchThrowable(() -> chat(client, provider + "-status-500").chat("Hi")))
                .isInstanceOf(InternalServerException.class);
    }

    @ParameterizedTest
    @CsvSource({"openai,ant", "openai,gem", "anthropic,oai", "anthropic,gem", "gemini,oai", "gemini,ant"})
    void aStreamIsRefusedAsWholeAnswersAre(String client, String provider) {
        Listening listening = new Listening();
        streaming(client, provider + "-status-400").chat(request(List.of(UserMessage.from("Hi"))), listening);

        CompletionException raised = catchThrowableOfType(CompletionException.class, listening::whole);

        assertThat(raised).hasCauseInstanceOf(LangChain4jException.class);
        assertThat(raised.getCause()).hasMessageContaining("this is what 400 looks like");
    }

    // --- the clients

    private ChatModel chat(String client, String model) {
        return chat(client, model, RealGateway.KEY);
    }

    private ChatModel chat(String client, String model, String key) {
        return switch (client) {
            case "openai" ->
                OpenAiChatModel.builder()
                        .baseUrl(base("/v1"))
                        .apiKey(key)
                        .modelName(model)
                        .maxRetries(0)
                        .build();
            case "anthropic" ->
                AnthropicChatModel.builder()
                        .baseUrl(base("/v1"))
                        .apiKey(key)
                        .modelName(model)
                        .maxRetries(0)
                        .build();
            default ->
                GoogleAiGeminiChatModel.builder()
                        .baseUrl(base("/v1beta"))
                        .apiKey(key)
                        .modelName(model)
                        .maxRetries(0)
                        .build();
        };
    }

    private StreamingChatModel streaming(String client, String model) {
        return switch (client) {
            case "openai" ->
                OpenAiStreamingChatModel.builder()
                        .baseUrl(base("/v1"))
                        .apiKey(RealGateway.KEY)
                        .modelName(model)
                        .build();
            case "anthropic" ->
                AnthropicStreamingChatModel.builder()
                        .baseUrl(base("/v1"))
                        .apiKey(RealGateway.KEY)
                        .modelName(model)
                        .build();
            default ->
                GoogleAiGeminiStreamingChatModel.builder()
                        .baseUrl(base("/v1beta"))
                        .apiKey(RealGateway.KEY)
                        .modelName(model)
                        .build();
        };
    }

    private EmbeddingModel embedding(String client, String model) {
        return client.equals("openai")
                ? OpenAiEmbeddingModel.builder()
                        .baseUrl(base("/v1"))
                        .apiKey(RealGateway.KEY)
                        .modelName(model)
                        .build()
                : GoogleAiEmbeddingModel.builder()
                        .baseUrl(base("/v1beta"))
                        .apiKey(RealGateway.KEY)
                        .modelName(model)
                        .build();
    }

    private String base(String path) {
        return gateway.uri(path).toString();
    }

    // --- the conversation

    private ChatResponse answer(String client, String model, List<ChatMessage> conversation, boolean streamed) {
        if (!streamed) {
            return chat(client, model).chat(request(conversation, tool()));
        }
        Listening listening = new Listening();
        streaming(client, model).chat(request(conversation, tool()), listening);
        return listening.whole();
    }

    private static ChatRequest request(List<ChatMessage> conversation, ToolSpecification... tools) {
        return ChatRequest.builder()
                .messages(conversation)
                .toolSpecifications(tools)
                .build();
    }

    private static ToolSpecification tool() {
        return ToolSpecification.builder()
                .name("get_weather")
                .description("The weather of a city")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("city")
                        .required("city")
                        .build())
                .build();
    }

    /** Waits for the end of a streamed answer. */
    private static final class Listening implements StreamingChatResponseHandler {
        private final List<String> pieces = new ArrayList<>();
        private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String piece) {
            pieces.add(piece);
        }

        @Override
        public void onCompleteResponse(ChatResponse answer) {
            end.complete(answer);
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        ChatResponse whole() {
            return end.orTimeout(30, TimeUnit.SECONDS).join();
        }
    }
}
