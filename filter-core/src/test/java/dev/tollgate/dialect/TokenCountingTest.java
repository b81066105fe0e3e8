package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.TokenCount;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import dev.tollgate.testing.Recording;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class TokenCountingTest {
    private static final List<String> COUNTING = List.of("openai-responses", "anthropic", "gemini", "bedrock");

    private final Dialects dialects = new Dialects(InstantSource.system());

    private TokenCounting counting(String id) {
        return dialects.byId(id).tokenCounting().orElseThrow();
    }

    private static WriteTerms terms(String family) {
        return new WriteTerms(Quirks.NONE, family, 100);
    }

    @TestFactory
    Stream<DynamicTest> whatWasRecordedIsUnderstoodByAllThatCount() {
        return Recording.each(api -> api.endsWith("/countTokens"), recording -> true, recording -> {
            TokenCounting callers = counting(dialectOf(recording));
            callers.shape().check(JsonDocument.parse(Json.write(recording.request())));
            ChatRequest request = callers.readRequest(recording.request()).to("m", false, false);
            assertThat(request.messages()).isNotEmpty();
            for (String target : COUNTING) {
                ObjectNode written = counting(target).writeRequest(request, terms(target));
                ChatRequest again = counting(target).readRequest(written);
                assertThat(texts(again)).as(target).isEqualTo(texts(request));
                assertThat(written.toString()).as(target).doesNotContain("max", "tokens\"", "\"stream\"");
            }
            if (recording.status() == 200) {
                toldToAll(callers.readCount(recording.response()));
            } else {
                assertThatThrownBy(() -> callers.readCount(recording.response()))
                        .isInstanceOf(BadAnswer.class);
            }
        });
    }

    private static List<String> texts(ChatRequest request) {
        return request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .map(part -> part instanceof Part.Text text ? text.text() : part.toString())
                .toList();
    }

    private static String dialectOf(Recording recording) {
        String provider = recording.api().substring(0, recording.api().indexOf('/'));
        return provider.equals("vertex") ? "gemini" : provider;
    }

    private void toldToAll(TokenCount count) throws BadAnswer {
        assertThat(count.input()).isPositive();
        for (String callers : COUNTING) {
            ObjectNode told = counting(callers).writeCount(count, terms(""));
            assertThat(counting(callers).readCount(told).input()).as(callers).isEqualTo(count.input());
        }
    }

    @Test
    void everyFormatHasItsOwnWordForACount() throws BadAnswer {
        TokenCount count = counting("bedrock").readCount(Json.read("{\"inputTokens\": 23}"));

        assertThat(counting("openai-responses").writeCount(count, terms("")))
                .hasToString("{\"object\":\"response.input_tokens\",\"input_tokens\":23}");
        assertThat(counting("bedrock").writeCount(count, terms(""))).hasToString("{\"inputTokens\":23}");
    }

    @Test
    void onlyWhatIsOfTheQuestionIsCounted() {
        JsonNode asked = Json.read("{\"model\":\"m\",\"max_output_tokens\":9,\"temperature\":1,\"store\":false,"
                + "\"input\":\"hi\",\"instructions\":\"be brief\",\"stream\":true}");
        ChatRequest request = counting("openai-responses").readRequest((ObjectNode) asked);

        assertThat(counting("openai-responses").writeRequest(request, terms("")).propertyNames())
                .containsExactlyInAnyOrder("model", "input", "instructions");
        assertThat(counting("bedrock").writeRequest(request, terms("")))
                .isEqualTo(Json.read("{\"input\":{\"converse\":{\"system\":[{\"text\":\"be brief\"}],"
                        + "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}}}"));
    }

    @Test
    void anInvokeModelIsCountedByBedrockAlone() {
        ObjectNode body = (ObjectNode) Json.read("{\"input\":{\"invokeModel\":{\"body\":\"e30=\"}}}");

        assertThatThrownBy(() -> counting("bedrock").readRequest(body))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("input.converse");
        assertThatThrownBy(
                        () -> counting("bedrock").readRequest((ObjectNode) Json.read("{\"input\":{\"converse\":{}}}")))
                .hasMessageContaining("input.converse.messages");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "gemini | {\"contents\":[]} | {\"contents\":[]}",
                "gemini | {\"generateContentRequest\":{\"model\":\"models/theirs\",\"contents\":[],\"tools\":[]}} |"
                        + " {\"generateContentRequest\":{\"contents\":[],\"tools\":[],\"model\":\"models/ours\"}}",
                "gemini | {\"contents\":[],\"systemInstruction\":{}} |"
                        + " {\"generateContentRequest\":{\"contents\":[],\"systemInstruction\":{},\"model\":\"models/ours\"}}",
                "vertex | {\"generate_content_request\":{\"model\":\"models/theirs\",\"contents\":[],\"tools\":[]}} |"
                        + " {\"contents\":[],\"tools\":[]}",
            })
    void googlesPlatformsAreToldTheTargetsModelInTheirOwnForm(String family, String asked, String sent) {
        JsonDocument told =
                counting("gemini").forTarget(JsonDocument.parse(Json.write(Json.read(asked))), "ours", terms(family));

        assertThat(told.tree()).isEqualTo(Json.read(sent));
    }

    @Test
    void thePlatformsVersionIsNotAnthropicsToCount() {
        JsonDocument body = JsonDocument.parse(
                Json.write(Json.read("{\"anthropic_version\":\"vertex-2023-10-16\",\"messages\":[]}")));

        assertThat(counting("anthropic")
                        .forTarget(body, "m", terms("anthropic"))
                        .tree())
                .isEqualTo(Json.read("{\"messages\":[]}"));
    }
}
