package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams.EncodingFormat;
import dev.tollgate.testing.FakeEmbeddings;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings of OpenAI's own SDK through the gateway in real servers, by OpenAI, Gemini and Cohere. */
@ParameterizedClass
@EnumSource
class OpenAiEmbeddingsSdkIT {
    private final OpenAIClient client;

    OpenAiEmbeddingsSdkIT(Servers kind) {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(SharedGateways.in(kind).uri("/v1").toString())
                .apiKey(RealGateway.KEY)
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "gem", "coh"})
    void textsAreEmbeddedInTheirOrder(String provider) {
        assertVectors(create(ask(provider)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "gem", "coh"})
    void vectorsComeAsNumbersToWhomAsksForNumbers(String provider) {
        assertVectors(create(ask(provider).encodingFormat(EncodingFormat.FLOAT)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "gem", "coh"})
    void oneTextIsEmbedded(String provider) {
        CreateEmbeddingResponse answer = create(
                EmbeddingCreateParams.builder().model(provider + "-embed").input("one"));

        assertThat(answer.data()).hasSize(1);
        assertThat(answer.data().get(0).embedding()).isEqualTo(FakeEmbeddings.vector("one"));
    }

    @Test
    void anUnknownModelIsRaised() {
        NotFoundException raised = catchThrowableOfType(
                NotFoundException.class,
                () -> create(EmbeddingCreateParams.builder().model("nothing").input("one")));

        assertThat(raised.statusCode()).isEqualTo(404);
        assertThat(raised.getMessage()).contains("nothing");
    }

    @Test
    void aProviderThatEmbedsNothingIsRaised() {
        BadRequestException raised = catchThrowableOfType(
                BadRequestException.class,
                () -> create(EmbeddingCreateParams.builder().model("ant-plain").input("one")));

        assertThat(raised.getMessage())
                .contains("no target of model \"ant-plain\" can do what /v1/embeddings asks for");
    }

    private static EmbeddingCreateParams.Builder ask(String provider) {
        return EmbeddingCreateParams.builder()
                .model(provider + "-embed")
                .inputOfArrayOfStrings(List.of("one", "three", "eleven"));
    }

    private CreateEmbeddingResponse create(EmbeddingCreateParams.Builder params) {
        return client.embeddings().create(params.build()).validate();
    }

    private static void assertVectors(CreateEmbeddingResponse answer) {
        assertThat(answer.data())
                .extracting(com.openai.models.embeddings.Embedding::embedding)
                .containsExactly(
                        FakeEmbeddings.vector("one"), FakeEmbeddings.vector("three"), FakeEmbeddings.vector("eleven"));
        assertThat(answer.data())
                .extracting(com.openai.models.embeddings.Embedding::index)
                .containsExactly(0L, 1L, 2L);
        assertThat(answer.usage().promptTokens()).isEqualTo(FakeEmbeddings.TOKENS);
    }
}
