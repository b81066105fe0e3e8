package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.azure.AzureOpenAIServiceVersion;
import com.openai.azure.AzureUrlPathMode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.tollgate.testing.FakeEmbeddings;
import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's own SDK as it calls Azure, with deployments in the path and {@code api-key}, to providers of other dialects. */
@ParameterizedClass
@EnumSource
class AzureOpenAiSdkIT {
    private final RealGateway gateway;
    private final OpenAIClient client;

    AzureOpenAiSdkIT(Servers kind) {
        gateway = SharedGateways.in(kind);
        client = client(RealGateway.KEY);
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.uri().toString())
                .credential(AzureApiKeyCredential.create(key))
                .azureServiceVersion(AzureOpenAIServiceVersion.fromString("2024-10-21"))
                .azureUrlPathMode(AzureUrlPathMode.LEGACY)
                .build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeploymentAnswers(boolean streamed) {
        ChatCompletionMessage answer = answer(ask("ant-plain"), streamed);

        assertThat(answer.content()).contains(FakeProvider.SENTENCE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeploymentCallsTools(boolean streamed) {
        ChatCompletionCreateParams.Builder conversation = ask("ant-tools")
                .addFunctionTool(FunctionDefinition.builder()
                        .name("get_weather")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty("properties", JsonValue.from(Map.of()))
                                .build())
                        .build());
        ChatCompletionMessage asking = answer(conversation, streamed);
        String id = asking.toolCalls().orElseThrow().get(0).asFunction().id();

        ChatCompletionMessage answer = answer(
                conversation
                        .addMessage(asking)
                        .addMessage(ChatCompletionToolMessageParam.builder()
                                .toolCallId(id)
                                .content("sunny")
                                .build()),
                streamed);

        assertThat(answer.content()).contains("I hear: sunny");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gem-embed", "coh-embed"})
    void aDeploymentEmbeds(String model) {
        EmbeddingCreateParams params =
                EmbeddingCreateParams.builder().model(model).input("one").build();

        assertThat(client.embeddings().create(params).data().get(0).embedding())
                .isEqualTo(FakeEmbeddings.vector("one"));
    }

    @Test
    void aWrongKeyIsRaised() {
        UnauthorizedException raised = catchThrowableOfType(
                UnauthorizedException.class,
                () -> client("tg-nobody")
                        .chat()
                        .completions()
                        .create(ask("ant-plain").build()));

        assertThat(raised.code()).contains("invalid_api_key");
    }

    @Test
    void anUnknownDeploymentIsRaised() {
        NotFoundException raised = catchThrowableOfType(
                NotFoundException.class,
                () -> client.chat().completions().create(ask("nothing").build()));

        assertThat(raised.getMessage()).contains("nothing");
    }

    private static ChatCompletionCreateParams.Builder ask(String deployment) {
        return ChatCompletionCreateParams.builder().model(deployment).addUserMessage("What is the capital of France?");
    }

    private ChatCompletionMessage answer(ChatCompletionCreateParams.Builder params, boolean streamed) {
        if (!streamed) {
            return client.chat()
                    .completions()
                    .create(params.build())
                    .choices()
                    .get(0)
                    .message();
        }
        ChatCompletionAccumulator all = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params.build())) {
            stream.stream().forEach(all::accumulate);
        }
        return all.chatCompletion().choices().get(0).message();
    }
}
