package dev.tollgate.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What whole answers and errors say, read and written. */
class GeminiAnswerTest {
    private final Gemini gemini = new Gemini();
    private final WriteTerms terms = new WriteTerms(Quirks.NONE, "gemini", 4096);

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.read(text.replace('\'', '"'));
    }

    private ChatResponse read(String text) throws BadAnswer {
        return gemini.readResponse(json(text));
    }

    private static ChatResponse answer(FinishReason finish, List<TokenChance> chances, Part... parts) {
        ChatResponse.Choice choice = new ChatResponse.Choice(0, List.of(parts), finish, chances, Extras.NONE);
        return new ChatResponse("id", "m", 1L, List.of(choice), null, Extras.NONE);
    }

    @Test
    void usageIsInDisjointClasses() throws BadAnswer {
        Usage usage = read("""
                {'candidates': [{'content': {'parts': []}, 'finishReason': 'STOP'}], 'usageMetadata': {
                  'promptTokenCount': 100, 'cachedContentTokenCount': 40, 'candidatesTokenCount': 20,
                  'thoughtsTokenCount': 30, 'toolUsePromptTokenCount': 5, 'totalTokenCount': 155,
                  'promptTokensDetails': [{'modality': 'AUDIO', 'tokenCount': 7}, {'modality': 2, 'tokenCount': 9}],
                  'candidatesTokensDetails': [{'modality': 'IMAGE', 'tokenCount': 11}]}}""").usage();
        assertThat(usage.uncachedInput()).isEqualTo(65);
        assertThat(usage.cacheRead()).isEqualTo(40);
        assertThat(usage.output()).isEqualTo(50);
        assertThat(usage.reasoning()).isEqualTo(30);
        assertThat(usage.audioInput()).isEqualTo(7);
        assertThat(usage.imageInput()).isEqualTo(9);
        assertThat(usage.imageOutput()).isEqualTo(11);
        assertThat(usage.total()).isEqualTo(155);
    }

    @Test
    void anotherProvidersUsageIsCountedInGooglesWay() {
        Usage usage = new Usage(60, 40, 3, 0, 50, 30, 7, 0, Extras.NONE);
        assertThat(UsageFields.write(usage, terms)).hasToString(json("""
                {'promptTokenCount': 103, 'cachedContentTokenCount': 40, 'candidatesTokenCount': 20,
                 'thoughtsTokenCount': 30, 'totalTokenCount': 153, 'promptTokensDetails':
                   [{'modality': 'TEXT', 'tokenCount': 96}, {'modality': 'AUDIO', 'tokenCount': 7}]}""").toString());
        assertThat(terms.dropped()).containsExactly("response.usage.cache_write_tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, STOP",
        "MAX_TOKENS, LENGTH",
        "SAFETY, CONTENT_FILTER",
        "RECITATION, CONTENT_FILTER",
        "BLOCKLIST, CONTENT_FILTER",
        "PROHIBITED_CONTENT, CONTENT_FILTER",
        "SPII, CONTENT_FILTER",
        "IMAGE_SAFETY, CONTENT_FILTER",
        "MALFORMED_FUNCTION_CALL, OTHER",
        "UNEXPECTED_TOOL_CALL, OTHER",
        "LANGUAGE, OTHER",
        "SOMETHING_NEW, OTHER",
    })
    void finishReasonsAreKinds(String word, Kind kind) throws BadAnswer {
        FinishReason finish = read("{'candidates': [{'finishReason': '" + word + "'}]}")
                .choices()
                .get(0)
                .finish();
        assertThat(finish).isEqualTo(new FinishReason(kind, word, ""));
    }

    @Test
    void anAnswerThatCallsToolsSaysSo() throws BadAnswer {
        ChatResponse response = read("""
                {'responseId': 'r', 'candidates': [{'content': {'parts': [
                  {'functionCall': {'name': 'f', 'args': {}}, 'thoughtSignature': 'c2ln'},
                  {'functionCall': {'name': 'f', 'args': {}}}]}, 'finishReason': 1}]}""");
        assertThat(response.choices().get(0).finish().kind()).isEqualTo(Kind.TOOL_CALLS);
        List<Part> calls = response.choices().get(0).parts();
        assertThat(calls).extracting(part -> ((Part.ToolCall) part).id()).doesNotHaveDuplicates();
        assertThat(((Part.ToolCall) calls.get(0)).proof().value()).isEqualTo(StringNode.valueOf("c2ln"));
        assertThat(((Part.ToolCall) calls.get(1)).proof()).isNull();
    }

    @Test
    void aBlockedPromptIsAnAnswerThatWasFiltered() throws BadAnswer {
        ObjectNode body = json("""
                {'promptFeedback': {'blockReason': 'PROHIBITED_CONTENT'},
                 'usageMetadata': {'promptTokenCount': 4, 'candidatesTokenCount': 0, 'totalTokenCount': 4},
                 'modelVersion': 'm', 'responseId': 'r'}""");
        ChatResponse response = gemini.readResponse(body.deepCopy());
        assertThat(response.choices()).singleElement().satisfies(choice -> {
            assertThat(choice.parts()).isEmpty();
            assertThat(choice.finish()).isEqualTo(new FinishReason(Kind.CONTENT_FILTER, "PROHIBITED_CONTENT", ""));
        });
        assertThat(gemini.facts(body).finish())
                .isEqualTo(response.choices().get(0).finish());
        assertThat(Json.read(gemini.writeResponse(response, terms).toString()).get("promptFeedback"))
                .isEqualTo(body.get("promptFeedback"));
        assertThat(gemini.writeResponse(response, terms).has("candidates")).isFalse();
    }

    @Test
    void anAnswerWithNothingInItIsNone() {
        assertThatThrownBy(() -> read("{'usageMetadata': {'promptTokenCount': 4}}"))
                .isInstanceOf(BadAnswer.class);
        assertThatThrownBy(() -> read("{'candidates': []}")).isInstanceOf(BadAnswer.class);
        assertThatThrownBy(() -> read("{'error': {'message': 'no'}}")).isInstanceOf(BadAnswer.class);
    }

    @Test
    void placesOfSourcesAreCountedInCharacters() throws BadAnswer {
        ChatResponse response = read("""
                {'candidates': [{'content': {'parts': [{'text': 'Größe: ✓ one. two'}]}, 'finishReason': 'STOP',
                  'groundingMetadata': {'groundingChunks': [{'web': {'uri': 'https://a', 'title': 'A'}}],
                    'groundingSupports': [{'segment': {'startIndex': 9, 'endIndex': 17},
                      'groundingChunkIndices': [0]}]}}]}""");
        Part.Text text = (Part.Text) response.choices().get(0).parts().get(0);
        Citation citation = text.citations().get(0);
        assertThat(citation.url()).isEqualTo("https://a");
        assertThat(citation.title()).isEqualTo("A");
        assertThat(text.text()
                        .substring(citation.start().intValue(), citation.end().intValue()))
                .isEqualTo("✓ one.");
    }

    @Test
    void anotherProvidersSourcesBecomeGrounding() {
        Opaque whole = new Opaque("anthropic", "c", StringNode.valueOf("c"));
        Citation citation = new Citation("https://a", "A", null, 2L, 5L, whole);
        Part text = new Part.Text("äbcde", List.of(citation, citation), null, Extras.NONE);
        JsonNode grounding = gemini.writeResponse(answer(new FinishReason(Kind.STOP, "x", ""), List.of(), text), terms)
                .at("/candidates/0/groundingMetadata");
        assertThat(grounding.path("groundingChunks")).hasSize(1);
        assertThat(grounding.path("groundingSupports")).hasSize(2);
        assertThat(grounding.at("/groundingSupports/0/segment").toString())
                .isEqualTo("{\"startIndex\":3,\"endIndex\":6,\"text\":\"cde\"}");
    }

    @Test
    void chancesGoBothWays() throws BadAnswer {
        TokenChance top = new TokenChance("b", Json.read("-2.5"), null, List.of());
        TokenChance chance = new TokenChance("a", Json.read("-0.5"), null, List.of(top));
        ObjectNode written = gemini.writeResponse(
                answer(new FinishReason(Kind.STOP, "x", ""), List.of(chance), Part.Text.of("a")), terms);
        assertThat(gemini.readResponse(written).choices().get(0).chances()).containsExactly(chance);
    }

    @Test
    void anotherMakersThoughtIsShownWithItsSealedProof() throws BadAnswer {
        Opaque proof = new Opaque("anthropic", "anthropic", "s", StringNode.valueOf("sig"));
        Part thought = new Part.Reasoning("hm", proof, Extras.NONE);
        Part picture = new Part.Media(
                Part.MediaKind.IMAGE, new Part.Source.Inline("image/png", "AAAA"), null, null, Extras.NONE);
        ObjectNode written = gemini.writeResponse(
                answer(new FinishReason(Kind.REFUSAL, "refusal", ""), List.of(), thought, picture), terms);
        assertThat(written.at("/candidates/0/finishReason").asString("")).isEqualTo("SAFETY");
        List<Part> parts = gemini.readResponse(written).choices().get(0).parts();
        assertThat(((Part.Reasoning) parts.get(0)).proof().value()).isEqualTo(proof.value());
        assertThat(((Part.Media) parts.get(1)).source()).isEqualTo(new Part.Source.Inline("image/png", "AAAA"));
        assertThat(terms.dropped()).isEmpty();
    }

    @Test
    void anErrorSaysHowLongToWait() {
        ProviderError error = gemini.readError(429, json("""
                        {'error': {'code': 429, 'message': 'slow', 'status': 'RESOURCE_EXHAUSTED', 'details': [
                          {'@type': 'type.googleapis.com/google.rpc.RetryInfo', 'retryDelay': '34.0744s'}]}}"""), "");
        assertThat(error)
                .isEqualTo(new ProviderError(429, "RESOURCE_EXHAUSTED", null, null, "slow", Duration.ofMillis(34_075)));
        Refusal refusal = new Refusal(ErrorCode.POLICY_RATE_LIMITED, "too many").retryAfter(Duration.ofMillis(1_500));
        JsonNode written = Json.read(gemini.errorBody(refusal, "call"));
        assertThat(written.at("/error/status").asString("")).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(written.at("/error/code").asInt(0)).isEqualTo(429);
        assertThat(gemini.readError(429, written, "").retryAfter()).isEqualTo(Duration.ofMillis(1_500));
    }

    @ParameterizedTest
    @CsvSource({
        "CALLER_BAD_REQUEST, 400, INVALID_ARGUMENT",
        "CALLER_INVALID_KEY, 401, UNAUTHENTICATED",
        "POLICY_MODEL_NOT_ALLOWED, 403, PERMISSION_DENIED",
        "CALLER_MODEL_UNKNOWN, 404, NOT_FOUND",
        "PROVIDER_OVERLOADED, 503, UNAVAILABLE",
        "PROVIDER_TIMEOUT, 504, DEADLINE_EXCEEDED",
        "GATEWAY_INTERNAL, 500, INTERNAL",
    })
    void refusalsBearGooglesWords(ErrorCode code, int status, String word) {
        Refusal refusal = new Refusal(code, "what happened").at("contents[0]");
        JsonNode error = Json.read(gemini.errorBody(refusal, "call")).path("error");
        assertThat(gemini.errorStatus(refusal)).isEqualTo(status);
        assertThat(error.path("code").asInt(0)).isEqualTo(status);
        assertThat(error.path("status").asString("")).isEqualTo(word);
        assertThat(error.path("message").asString("")).isEqualTo("what happened");
        assertThat(gemini.readError(status, Json.read(gemini.errorBody(refusal, "call")), "")
                        .param())
                .isEqualTo("contents[0]");
    }

    @Test
    void modelsAreListedUnderGooglesNames() {
        assertThat(gemini.writeModels(List.of("smart")).at("/models/0/name").asString(""))
                .isEqualTo("models/smart");
        assertThat(gemini.writeModel("smart").path("displayName").asString("")).isEqualTo("smart");
    }
}
