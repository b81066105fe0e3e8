package dev.tollgate.dialect.embed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.Refusal;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Translation;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Operation;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.Recordings.Recording;
import dev.tollgate.testing.Targets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class EmbeddingsTest {
    private static final String TEXTS = "{\"model\": \"e\", \"input\": [\"one\", \"two\"]}";

    private static Translation translation(String callers, String targets, String body, String... drops) {
        Way way = new Way(Operation.EMBED, targets, "/e", "/e", List.of(), Set.of(drops), Map.of());
        Candidate candidate = Targets.of("family", targets, "their-model", Quirks.NONE);
        return Embeddings.between(
                Embeddings.caller(callers).orElseThrow(), way, candidate, JsonDocument.parse(body.getBytes(UTF_8)));
    }

    private static String sent(String callers, String targets, String body, String... drops) {
        return new String(translation(callers, targets, body, drops).requestBody(), UTF_8);
    }

    private static JsonNode answer(Translation translation, String body) throws BadAnswer {
        return Json.read(translation.answer(body.getBytes(UTF_8)).body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai-embeddings|{'model': 'their-model', 'input': ['one', 'two']}",
                "gemini|{'requests':[{'model':'models/their-model','content':{'parts':[{'text':'one'}]}},"
                        + "{'model':'models/their-model','content':{'parts':[{'text':'two'}]}}]}",
                "vertex|{'instances':[{'content':'one'},{'content':'two'}]}",
                "cohere|{'model':'their-model','texts':['one','two'],'input_type':'search_document','embedding_types':['float']}",
                "voyage|{'model':'their-model','input':['one','two']}",
                "jina|{'model':'their-model','input':['one','two']}",
            })
    void textsAreAskedForInEachProvidersFormat(String target, String expected) {
        assertThat(sent("openai-embeddings", target, TEXTS)).isEqualTo(expected.replace('\'', '"'));
    }

    @Test
    void titanIsAskedForOneTextAtATime() {
        String one = "{\"model\": \"e\", \"input\": \"one\", \"dimensions\": 256}";

        assertThat(sent("openai-embeddings", "bedrock-titan", one))
                .isEqualTo("{\"inputText\":\"one\",\"dimensions\":256}");
        assertThatThrownBy(() -> translation("openai-embeddings", "bedrock-titan", TEXTS))
                .isInstanceOf(Refusal.class)
                .hasMessage("p/their-model takes at most 1 inputs in one call, and this one has 2; split it");
    }

    @Test
    void bedrocksCohereIsToldTheModelByThePathAlone() {
        assertThat(sent("openai-embeddings", "bedrock-cohere", TEXTS)).doesNotContain("model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemini", "cohere", "vertex", "bedrock-titan", "voyage", "jina"})
    void tokenNumbersAreRefusedWhereOnlyTextIsTaken(String target) {
        String tokens = "{\"model\": \"e\", \"input\": [1, 2, 3]}";

        assertThatThrownBy(() -> translation("openai-embeddings", target, tokens))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.param()).contains("input"))
                .hasMessageContaining("'input' must be text");
        assertThat(sent("openai-embeddings", "openai-embeddings", tokens)).contains("[1, 2, 3]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[7, \"x\"]", "{}", "[[]]", "null", "[{}]"})
    void inputsThatAreNeitherTextNorTokensAreTheCallersFault(String input) {
        assertThatThrownBy(() ->
                        translation("openai-embeddings", "gemini", "{\"model\": \"e\", \"input\": " + input + "}"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("'input");
    }

    @Test
    void aTaskDimensionsAndATitleFindTheirPlaceOrAreReported() {
        String asked = "{\"content\": {\"parts\": [{\"text\": \"one\"}]}, \"taskType\": \"RETRIEVAL_QUERY\","
                + " \"title\": \"t\", \"outputDimensionality\": 64, \"model\": \"models/x\", \"novel\": 1}";

        assertThat(sent(Embeddings.GEMINI_ONE, "gemini", asked))
                .isEqualTo(
                        "{\"requests\":[{\"model\":\"models/their-model\",\"content\":{\"parts\":[{\"text\":\"one\"}]},"
                                + "\"title\":\"t\",\"novel\":1,\"taskType\":\"RETRIEVAL_QUERY\",\"outputDimensionality\":64}]}");
        Translation cohere = translation(Embeddings.GEMINI_ONE, "cohere", asked);
        assertThat(new String(cohere.requestBody(), UTF_8))
                .contains("\"input_type\":\"search_query\"", "\"output_dimension\":64");
        assertThat(cohere.dropped()).containsExactly("title", "novel");
        assertThat(translation(Embeddings.GEMINI_ONE, "openai-embeddings", asked)
                        .dropped())
                .contains("taskType");
    }

    @Test
    void requestsOfABatchThatDifferAreRefused() {
        String asked = "{\"requests\": [{\"content\": {\"parts\": [{\"text\": \"a\"}]}},"
                + " {\"content\": {\"parts\": [{\"text\": \"b\"}]}, \"taskType\": \"CLUSTERING\"}]}";

        assertThatThrownBy(() -> translation("gemini", "openai-embeddings", asked))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("same task");
    }

    @Test
    void anAnswerReachesACallerOfAnotherFormat() throws BadAnswer {
        Translation toCohere = translation("openai-embeddings", "cohere", TEXTS);
        JsonNode floats = answer(
                toCohere,
                "{\"id\": \"x\", \"embeddings\": {\"float\": [[0.5, 1], [0.25, -2]]}, \"texts\": [\"one\", \"two\"],"
                        + " \"meta\": {\"billed_units\": {\"input_tokens\": 7}}}");

        assertThat(Json.text(floats))
                .isEqualTo(
                        "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5,1]},"
                                + "{\"object\":\"embedding\",\"index\":1,\"embedding\":[0.25,-2]}],\"model\":\"their-model\","
                                + "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}");
        assertThat(toCohere.dropped()).isEmpty();
    }

    @Test
    void usageThatIsNotReportedIsEstimatedAndSaidToBe() throws BadAnswer {
        Translation toGemini = translation("openai-embeddings", "gemini", TEXTS);

        Translation.Whole whole =
                toGemini.answer("{\"embeddings\": [{\"values\": [1]}, {\"values\": [2]}]}".getBytes(UTF_8));

        assertThat(whole.estimated()).isTrue();
        assertThat(whole.facts().usage().input()).isEqualTo(2);
    }

    @Test
    void titansAndVertexsAnswersAreRead() throws BadAnswer {
        String one = "{\"model\": \"e\", \"input\": \"one\"}";

        assertThat(
                        Json.text(
                                answer(
                                        translation("openai-embeddings", "bedrock-titan", one),
                                        "{\"embedding\": [0.1], \"inputTextTokenCount\": 3, \"embeddingsByType\": {\"float\": [0.1]}}")))
                .contains("[0.1]", "\"prompt_tokens\":3");
        assertThat(
                        Json.text(
                                answer(
                                        translation("openai-embeddings", "vertex", one),
                                        "{\"predictions\": [{\"embeddings\": {\"statistics\": {\"token_count\": 4}, \"values\": [0.1]}}]}")))
                .contains("[0.1]", "\"prompt_tokens\":4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"embeddings\": []}",
                "{\"embeddings\": {\"int8\": [[1]]}}",
                "{\"embeddings\": [[1]]}",
                "{\"embeddings\": [[\"x\"], [1]]}"
            })
    void anAnswerThatLacksVectorsIsNoAnswer(String body) {
        Translation translation = translation("openai-embeddings", "cohere", TEXTS);

        assertThatThrownBy(() -> answer(translation, body)).isInstanceOf(BadAnswer.class);
    }

    @Property(tries = 200)
    void base64HoldsEveryFloatExactly(@ForAll @Size(min = 1, max = 40) float[] numbers) throws BadAnswer {
        tools.jackson.databind.node.ArrayNode list = tools.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
        for (float number : numbers) {
            list.add(number);
        }

        String base64 = Vectors.base64(Json.read(Json.text(list)));

        assertThat(Vectors.base64(Vectors.floats(base64))).isEqualTo(base64);
        JsonNode read = Json.read(Json.text(Vectors.floats(base64)));
        for (int i = 0; i < numbers.length; i++) {
            assertThat((float) read.path(i).doubleValue()).isEqualTo(numbers[i] == 0 ? 0f : numbers[i]);
        }
    }

    @Test
    void thoseWhoRefuseWhatTheyDoNotKnowAreToldInTheirOwnWords() throws BadAnswer {
        String asked = "{'model': 'e', 'input': 'one', 'encoding_format': 'base64', 'dimensions': 2, 'user': 'u',"
                + " 'input_type': 'query', 'truncation': false}";

        Translation voyage = translation("openai-embeddings", "voyage", asked.replace('\'', '"'));
        assertThat(new String(voyage.requestBody(), UTF_8))
                .isEqualTo(
                        "{'model':'their-model','input':['one'],'output_dimension':2,'input_type':'query','truncation':false}"
                                .replace('\'', '"'));
        assertThat(voyage.dropped()).containsExactly("user");
        Translation jina = translation("openai-embeddings", "jina", asked.replace('\'', '"'));
        assertThat(new String(jina.requestBody(), UTF_8))
                .isEqualTo(
                        "{'model':'their-model','input':['one'],'dimensions':2,'truncation':false}".replace('\'', '"'));
        assertThat(jina.dropped()).containsExactlyInAnyOrder("input_type", "user");

        String answer =
                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"embedding\":[1.0,-0.5],\"index\":0}],"
                        + "\"model\":\"voyage-4\",\"usage\":{\"total_tokens\":3}}";
        for (Translation translation : List.of(voyage, jina)) {
            JsonNode body = answer(translation, answer);
            assertThat(body.at("/data/0/embedding").stringValue()).isEqualTo("AACAPwAAAL8=");
            assertThat(body.at("/usage/prompt_tokens").longValue()).isEqualTo(3);
        }
    }

    @Test
    void whatAVectorIsForIsToldToVoyageInItsTwoWordsOrReported() {
        for (String word : List.of("query", "document", "classification")) {
            String asked = "{\"model\": \"e\", \"input\": \"one\", \"input_type\": \"" + word + "\"}";
            Translation voyage = translation("openai-embeddings", "voyage", asked);
            if (word.equals("classification")) {
                assertThat(voyage.dropped()).containsExactly("input_type");
                assertThat(new String(voyage.requestBody(), UTF_8)).doesNotContain("input_type");
            } else {
                assertThat(voyage.dropped()).isEmpty();
                assertThat(new String(voyage.requestBody(), UTF_8)).contains("\"input_type\":\"" + word + '"');
            }
        }
    }

    @Test
    void base64IsLittleEndian() throws BadAnswer {
        assertThat(Vectors.base64(Json.read("[1.0, -0.5]"))).isEqualTo("AACAPwAAAL8=");
        assertThat(Json.text(Vectors.floats("AACAPwAAAL8="))).isEqualTo("[1.0,-0.5]");
    }

    static Stream<Recording> recorded() {
        return Stream.of(
                        "azure",
                        "doubleword",
                        "mistral",
                        "openai",
                        "openrouter",
                        "venice",
                        "vllm",
                        "llamacpp",
                        "voyage")
                .flatMap(provider -> Recordings.of(provider + "/embeddings").stream());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void recordedAnswersPassUntouchedAndReachCallersOfGemini(Recording recording) throws BadAnswer {
        String request = Json.text(recording.request());
        Translation same = translation("openai-embeddings", "openai-embeddings", request);
        assertThat(Json.read(same.requestBody()).path("input"))
                .isEqualTo(recording.request().path("input"));
        if (recording.status() != 200) {
            assertThat(same.error(recording.status(), recording.answer()).message())
                    .doesNotContain("without a message");
            return;
        }
        assertThat(same.answer(recording.answer()).body()).isEqualTo(recording.answer());
        assertThat(same.answer(recording.answer()).facts().usage().input()).isPositive();

        JsonNode inputs = recording.request().path("input");
        int count = inputs.isArray() ? inputs.size() : 1;
        String batch = "{\"requests\": [" + "{\"content\": {\"parts\": [{\"text\": \"x\"}]}},".repeat(count);
        Translation gemini = translation("gemini", "openai-embeddings", batch.substring(0, batch.length() - 1) + "]}");
        JsonNode answer = Json.read(gemini.answer(recording.answer()).body());
        assertThat(answer.path("embeddings").size()).isEqualTo(count);
        JsonNode given = Json.read(recording.answer()).at("/data/0/embedding");
        assertThat(answer.at("/embeddings/0/values").size())
                .isEqualTo(
                        given.isArray()
                                ? given.size()
                                : Vectors.floats(given.stringValue()).size());
    }

    static Stream<Recording> recordedGemini() {
        return Stream.of("gemini", "vertex").flatMap(provider -> Recordings.of(provider + "/embeddings").stream());
    }

    @ParameterizedTest
    @MethodSource("recordedGemini")
    void recordedAnswersOfGoogleReachCallersOfOpenAi(Recording recording) throws BadAnswer {
        String target = recording.request().has("instances") ? "vertex" : "gemini";
        Translation translation = translation(
                "openai-embeddings", target, "{\"model\": \"e\", \"input\": \"x\", \"encoding_format\": \"base64\"}");
        if (recording.status() != 200) {
            assertThat(translation.error(recording.status(), recording.answer()).message())
                    .doesNotContain("without a message");
            return;
        }
        JsonNode answer = Json.read(translation.answer(recording.answer()).body());
        assertThat(answer.at("/data/0/embedding").stringValue()).hasSizeGreaterThan(1_000);
        assertThat(answer.at("/usage/prompt_tokens").longValue()).isPositive();
        if (recording.request().has("requests")) {
            JsonNode sent = Json.read(translation("gemini", "gemini", Json.text(recording.request()))
                    .requestBody());
            String model = recording.request().at("/requests/0/model").stringValue();
            assertThat(Json.text(sent).replace("models/their-model", model)).isEqualTo(Json.text(recording.request()));
        }
    }
}
