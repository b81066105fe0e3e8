package dev.tollgate.dialect.rerank;

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
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.Recordings.Recording;
import dev.tollgate.testing.Targets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RerankingsTest {
    private static final String PLAIN =
            "{\"model\": \"r\", \"query\": \"q\", \"documents\": [\"a\", \"b\"], \"top_n\": 1}";
    private static final String OLDER =
            "{\"model\": \"r\", \"query\": \"q\", \"documents\": [{\"text\": \"a\"}, \"b\"],"
                    + " \"top_n\": 1, \"return_documents\": true}";

    private static Translation translation(String target, String body) {
        Way way = new Way(Operation.RERANK, target, "/r", "/r", List.of(), Set.of(), Map.of());
        return Rerankings.of(
                way,
                Targets.of("family", target, "their-model", Quirks.NONE),
                JsonDocument.parse(body.getBytes(UTF_8)));
    }

    private static String sent(String target, String body) {
        return new String(translation(target, body).requestBody(), UTF_8);
    }

    @Test
    void aRequestInTheTargetsFormatPassesWithItsModelReplaced() {
        assertThat(sent("cohere", PLAIN)).isEqualTo(PLAIN.replace("\"r\"", "\"their-model\""));
    }

    @Test
    void anOlderRequestIsPutInTheNewerForm() {
        assertThat(sent("cohere", OLDER))
                .isEqualTo("{\"model\":\"their-model\",\"query\":\"q\",\"documents\":[\"a\",\"b\"],\"top_n\":1}");
        assertThat(sent("voyage", OLDER))
                .isEqualTo("{\"model\":\"their-model\",\"query\":\"q\",\"documents\":[\"a\",\"b\"],\"top_k\":1}");
    }

    @ParameterizedTest
    @CsvSource({"cohere, results", "voyage, data"})
    void theDocumentsAreRepeatedForWhoWantsThem(String target, String name) throws BadAnswer {
        byte[] answer = ("{\"" + name
                        + "\": [{\"index\": 1, \"relevance_score\": 0.5}], \"usage\": {\"total_tokens\": 4}}")
                .getBytes(UTF_8);

        Translation.Whole whole = translation(target, OLDER).answer(answer);

        assertThat(new String(whole.body(), UTF_8))
                .isEqualTo("{\"id\":\"\",\"model\":\"their-model\",\"results\":[{\"index\":1,\"relevance_score\":0.5,"
                        + "\"document\":{\"text\":\"b\"}}],\"usage\":{\"total_tokens\":4}}");
        assertThat(whole.facts().usage().input()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"data\": [{\"index\": 7, \"relevance_score\": 1}]}",
                "{\"data\": [{\"index\": 0}]}",
                "{\"data\": [{\"relevance_score\": 1}]}"
            })
    void whatSpeaksOfOtherDocumentsIsNoAnswer(String answer) {
        assertThatThrownBy(() -> translation("voyage", PLAIN).answer(answer.getBytes(UTF_8)))
                .isInstanceOf(BadAnswer.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[7]", "[{}]"})
    void documentsThatAreNoTextsAreRefused(String documents) {
        assertThatThrownBy(() ->
                        translation("voyage", "{\"model\": \"r\", \"query\": \"q\", \"documents\": " + documents + "}"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("documents");
    }

    static Stream<Recording> recorded() {
        return Stream.of("cohere", "voyage", "llamacpp").flatMap(of -> Recordings.of(of + "/rerank").stream());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void recordedAnswersReachTheCallerWhole(Recording recording) throws BadAnswer {
        String target = recording.request().has("top_k") ? "voyage" : "cohere";
        Translation translation = translation(
                target,
                Json.text(recording.request())
                        .replace("\"top_k\"", "\"top_n\"")
                        .replace("\"truncation\":true", "\"x\":1"));
        if (recording.status() != 200) {
            assertThat(translation.error(recording.status(), recording.answer()).message())
                    .doesNotContain("without a message");
            return;
        }

        JsonNode answer = Json.read(translation.answer(recording.answer()).body());

        JsonNode given = Json.read(recording.answer());
        JsonNode results = given.has("data") ? given.path("data") : given.path("results");
        assertThat(answer.path("results")).isEqualTo(results);
        assertThat(translation.dropped()).isSubsetOf("x");
    }
}
