package dev.tollgate.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.ServerException;
import com.google.genai.types.Content;
import com.google.genai.types.ContentEmbedding;
import com.google.genai.types.EmbedContentConfig;
import com.google.genai.types.FinishReason;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import com.google.genai.types.Type;
import dev.tollgate.testing.FakeEmbeddings;
import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Google's own SDK for Gemini through the gateway in real servers, to providers of OpenAI's and Anthropic's dialects. */
@ParameterizedClass
@EnumSource
class GoogleGenAiIT {
    private final RealGateway gateway;
    private final Client client;

    GoogleGenAiIT(Servers kind) {
        gateway = SharedGateways.in(kind);
        client = client(RealGateway.KEY);
    }

    private Client client(String key) {
        return Client.builder()
                .apiKey(key)
                .httpOptions(HttpOptions.builder()
                        .baseUrl(gateway.uri().toString())
                        .retryOptions(HttpRetryOptions.builder().attempts(1).build())
                        .build())
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant"})
    void itAnswers(String provider) {
        GenerateContentResponse answer = client.models.generateContent(provider + "-plain", QUESTION, null);

        assertThat(answer.text()).isEqualTo(FakeProvider.SENTENCE);
        assertThat(answer.finishReason().knownEnum()).isEqualTo(FinishReason.Known.STOP);
        assertUsage(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant"})
    void itStreams(String provider) {
        List<GenerateContentResponse> pieces = stream(provider + "-plain", List.of(question()), null);

        assertThat(pieces).hasSizeGreaterThan(2);
        assertThat(text(pieces)).isEqualTo(FakeProvider.SENTENCE);
        GenerateContentResponse last = pieces.get(pieces.size() - 1);
        assertThat(last.finishReason().knownEnum()).isEqualTo(FinishReason.Known.STOP);
        assertUsage(last);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant"})
    void theLimitIsToldAsTheReasonOfTheEnd(String provider) {
        GenerateContentResponse answer = client.models.generateContent(
                provider + "-length",
                QUESTION,
                GenerateContentConfig.builder().maxOutputTokens(3).build());

        assertThat(answer.finishReason().knownEnum()).isEqualTo(FinishReason.Known.MAX_TOKENS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant"})
    void systemInstructionsArrive(String provider) {
        GenerateContentConfig config = GenerateContentConfig.builder()
                .systemInstruction(Content.fromParts(Part.fromText("Be brief.")))
                .build();

        assertThat(client.models
                        .generateContent(provider + "-system", QUESTION, config)
                        .text())
                .isEqualTo("I was told: Be brief.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant"})
    void imagesArrive(String provider) {
        Content shown = Content.builder()
                .role("user")
                .parts(Part.fromText("What is this?"), Part.fromBytes(new byte[] {1, 2, 3}, "image/png"))
                .build();

        assertThat(client.models
                        .generateContent(provider + "-image", shown, null)
                        .text())
                .isEqualTo("I see image/png:3");
    }

    @ParameterizedTest
    @CsvSource({"oai,false", "ant,false", "oai,true", "ant,true"})
    void functionsAreCalledInParallelAndTheirResultsGoBack(String provider, boolean streamed) {
        String model = provider + "-two-tools";
        List<Content> conversation = new ArrayList<>(List.of(question()));
        List<Part> asking = parts(model, conversation, tools().build(), streamed);

        List<FunctionCall> calls = calls(asking);
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).name()).contains("get_weather");
        assertThat(calls.get(0).args().orElseThrow()).containsEntry("city", "Paris");
        assertThat(calls.get(0).args().orElseThrow().get("options")).isEqualTo(Map.of("unit", "°C", "days", 1));
        assertThat(calls.get(1).args().orElseThrow()).containsEntry("city", "London");
        conversation.add(Content.builder().role("model").parts(asking).build());
        conversation.add(Content.builder()
                .role("user")
                .parts(result(calls.get(0), "sunny"), result(calls.get(1), "rain"))
                .build());
        assertThat(text(parts(model, conversation, tools().build(), streamed), true))
                .startsWith("I hear: ")
                .contains("sunny")
                .contains("rain");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thoughtsAreSignedAndComeBackToTheirMaker(boolean streamed) {
        GenerateContentConfig config = tools().thinkingConfig(ThinkingConfig.builder()
                        .includeThoughts(true)
                        .thinkingBudget(2048)
                        .build())
                .build();
        List<Content> conversation = new ArrayList<>(List.of(question()));
        List<Part> asking = parts("ant-thinking", conversation, config, streamed);

        assertThat(asking).anyMatch(part -> part.thought().orElse(false));
        assertThat(asking).anyMatch(part -> part.thoughtSignature().isPresent());
        conversation.add(Content.builder().role("model").parts(asking).build());
        conversation.add(Content.builder()
                .role("user")
                .parts(result(calls(asking).get(0), "sunny"))
                .build());
        assertThat(text(parts("ant-thinking", conversation, config, streamed), true))
                .contains("sunny");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant"})
    void anAnswerFollowsASchema(String provider) {
        GenerateContentConfig config = GenerateContentConfig.builder()
                .responseMimeType("application/json")
                .responseSchema(Schema.builder()
                        .type(Type.Known.OBJECT)
                        .properties(Map.of(
                                "city", Schema.builder().type(Type.Known.STRING).build(),
                                "inhabitants",
                                        Schema.builder()
                                                .type(Type.Known.INTEGER)
                                                .build()))
                        .build())
                .build();

        assertThat(client.models
                        .generateContent(provider + "-schema", QUESTION, config)
                        .text())
                .isEqualTo(FakeProvider.DOCUMENT);
    }

    @Test
    void tokensAreCounted() {
        assertThat(client.models.countTokens("ant-plain", QUESTION, null).totalTokens())
                .contains(25);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai-embed", "coh-embed"})
    void textsAreEmbedded(String model) {
        EmbedContentConfig config = EmbedContentConfig.builder().build();

        assertThat(client.models
                        .embedContent(model, List.of("one", "three"), config)
                        .embeddings()
                        .orElseThrow())
                .extracting(embedding -> embedding.values().orElseThrow())
                .containsExactly(FakeEmbeddings.vector("one"), FakeEmbeddings.vector("three"));
        List<ContentEmbedding> single =
                client.models.embedContent(model, "one", config).embeddings().orElseThrow();
        assertThat(single).hasSize(1);
        assertThat(single.get(0).values()).contains(FakeEmbeddings.vector("one"));
    }

    // --- errors

    @Test
    void aWrongKeyIsRaised() {
        ClientException raised = raised(ClientException.class, client("tg-nobody"), "ant-plain");

        assertThat(raised.code()).isEqualTo(401);
        assertThat(raised.status()).isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void anUnknownModelIsRaised() {
        ClientException raised = raised(ClientException.class, client, "nothing");

        assertThat(raised.code()).isEqualTo(404);
        assertThat(raised.status()).isEqualTo("NOT_FOUND");
        assertThat(raised.message()).contains("nothing");
    }

    @ParameterizedTest
    @CsvSource({"oai-status-400,400", "ant-status-400,400", "oai-status-429,429", "ant-status-429,429"})
    void whatTheProviderRefusesIsRaisedWithItsWords(String model, int status) {
        ClientException raised = raised(ClientException.class, client, model);

        assertThat(raised.code()).isEqualTo(status);
        assertThat(raised.message()).contains("this is what " + status + " looks like");
    }

    @ParameterizedTest
    @CsvSource({"oai-status-500,500", "ant-status-529,503", "oai-garbage,502"})
    void aFaultOfTheProviderIsRaised(String model, int status) {
        ServerException raised = raised(ServerException.class, client, model);

        assertThat(raised.code()).isEqualTo(status);
        assertThat(raised.message()).isNotEmpty();
    }

    @Test
    void aStreamIsRefusedAsWholeAnswersAre() {
        ClientException raised =
                catchThrowableOfType(ClientException.class, () -> stream("ant-status-400", List.of(question()), null));

        assertThat(raised.code()).isEqualTo(400);
        assertThat(raised.message()).contains("this is what 400 looks like");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai-cut", "ant-cut"})
    void aStreamThatFailsOnItsWayDoesNotEndWell(String model) {
        List<GenerateContentResponse> seen = new ArrayList<>();
        Throwable raised = catchThrowableOfType(Throwable.class, () -> {
            try (ResponseStream<GenerateContentResponse> stream =
                    client.models.generateContentStream(model, QUESTION, null)) {
                for (GenerateContentResponse piece : stream) {
                    seen.add(piece);
                    gateway.provider().goOn();
                }
            }
        });

        assertThat(seen).isNotEmpty();
        assertThat(seen)
                .flatExtracting(piece -> piece.candidates().orElse(List.of()))
                .noneMatch(candidate -> candidate.finishReason().isPresent());
        assertThat(raised).isNotNull();
    }

    private static <T extends ApiException> T raised(Class<T> type, Client client, String model) {
        T raised = catchThrowableOfType(type, () -> client.models.generateContent(model, QUESTION, null));
        assertThat(raised).as("what is raised").isNotNull();
        assertThat(raised.message()).doesNotContain("127.0.0.1");
        return raised;
    }

    // --- the conversation

    private static final String QUESTION = "What is the capital of France?";

    private static Content question() {
        return Content.builder().role("user").parts(Part.fromText(QUESTION)).build();
    }

    private static GenerateContentConfig.Builder tools() {
        Schema city = Schema.builder()
                .type(Type.Known.OBJECT)
                .properties(
                        Map.of("city", Schema.builder().type(Type.Known.STRING).build()))
                .required("city")
                .build();
        return GenerateContentConfig.builder()
                .tools(Tool.builder()
                        .functionDeclarations(FunctionDeclaration.builder()
                                .name("get_weather")
                                .description("The weather of a city")
                                .parameters(city)
                                .build())
                        .build());
    }

    private static Part result(FunctionCall call, String text) {
        FunctionResponse.Builder response =
                FunctionResponse.builder().name(call.name().orElseThrow()).response(Map.of("output", text));
        call.id().ifPresent(response::id);
        return Part.builder().functionResponse(response.build()).build();
    }

    private List<GenerateContentResponse> stream(String model, List<Content> contents, GenerateContentConfig config) {
        List<GenerateContentResponse> pieces = new ArrayList<>();
        try (ResponseStream<GenerateContentResponse> stream =
                client.models.generateContentStream(model, contents, config)) {
            stream.forEach(pieces::add);
        }
        return pieces;
    }

    /** The parts of an answer, those of all pieces when it is streamed. */
    private List<Part> parts(String model, List<Content> contents, GenerateContentConfig config, boolean streamed) {
        List<GenerateContentResponse> pieces = streamed
                ? stream(model, contents, config)
                : List.of(client.models.generateContent(model, contents, config));
        List<Part> parts = new ArrayList<>();
        for (GenerateContentResponse piece : pieces) {
            piece.candidates()
                    .flatMap(candidates -> candidates.get(0).content())
                    .flatMap(Content::parts)
                    .ifPresent(parts::addAll);
        }
        return parts;
    }

    private static List<FunctionCall> calls(List<Part> parts) {
        return parts.stream().flatMap(part -> part.functionCall().stream()).toList();
    }

    private static String text(List<Part> parts, boolean withoutThoughts) {
        return parts.stream()
                .filter(part -> !withoutThoughts || !part.thought().orElse(false))
                .map(part -> part.text().orElse(""))
                .collect(Collectors.joining());
    }

    private static String text(List<GenerateContentResponse> pieces) {
        return pieces.stream()
                .map(piece -> piece.text() == null ? "" : piece.text())
                .collect(Collectors.joining());
    }

    private static void assertUsage(GenerateContentResponse answer) {
        GenerateContentResponseUsageMetadata usage = answer.usageMetadata().orElseThrow();
        assertThat(usage.promptTokenCount()).contains(25);
        assertThat(usage.cachedContentTokenCount()).contains(5);
        assertThat(usage.candidatesTokenCount().orElse(0)
                        + usage.thoughtsTokenCount().orElse(0))
                .isEqualTo(12);
    }
}
