package dev.tollgate.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Splices;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What requests say, read and written. */
class GeminiRequestTest {
    private final Gemini gemini = new Gemini();
    private final WriteTerms terms = new WriteTerms(Quirks.NONE, "gemini", 4096);

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.read(text.replace('\'', '"'));
    }

    private ChatRequest read(String text) {
        return gemini.readRequest(json(text));
    }

    private static ChatRequest request(String model, Thinking thinking, Message... messages) {
        return new ChatRequest(
                model,
                List.of(messages),
                List.of(),
                null,
                null,
                new Sampling(null, null, null, null, null, null, null, null, null, List.of()),
                null,
                thinking,
                Hints.NONE,
                false,
                false,
                Extras.NONE);
    }

    private static Message said(Role role, Part... parts) {
        return new Message(role, List.of(parts), Extras.NONE);
    }

    @Test
    void bothSpellingsOfNamesAreTheSame() {
        ChatRequest snake = read("""
                {'system_instruction': {'parts': {'text': 'Be brief.'}},
                 'contents': [{'parts': [{'inline_data': {'mime_type': 'image/png', 'data': 'AAAA'}}]}],
                 'generation_config': {'max_output_tokens': 7, 'thinking_config': {'include_thoughts': true}}}""");
        ChatRequest camel = read("""
                {'systemInstruction': {'parts': [{'text': 'Be brief.'}]},
                 'contents': [{'parts': [{'inlineData': {'mimeType': 'image/png', 'data': 'AAAA'}}]}],
                 'generationConfig': {'maxOutputTokens': 7, 'thinkingConfig': {'includeThoughts': true}}}""");
        assertThat(snake).isEqualTo(camel);
        assertThat(snake.messages().get(0).role()).isEqualTo(Role.SYSTEM);
        assertThat(snake.sampling().maxTokens()).isEqualTo(7);
        assertThat(snake.thinking()).isEqualTo(new Thinking(Thinking.Mode.UNSAID, null, null, true));
        assertThat(snake.model()).isEmpty();
    }

    @Test
    void namesInTheCallersOwnJsonStayAsTheyAre() {
        ChatRequest request = read("""
                {'contents': [{'role': 'model', 'parts': [{'function_call': {'name': 'f', 'args': {'my_arg': 1}}}]}],
                 'tools': [{'function_declarations': [{'name': 'f', 'parameters':
                   {'type': 'OBJECT', 'properties': {'my_arg': {'type': 'INTEGER', 'nullable': true}}}}]}]}""");
        Part.ToolCall call = (Part.ToolCall) request.messages().get(0).parts().get(0);
        assertThat(call.arguments()).isEqualTo("{\"my_arg\":1}");
        Tool.Function function = (Tool.Function) request.tools().get(0);
        assertThat(function.schema())
                .isEqualTo(json("{'type':'object','properties':{'my_arg':{'type':['integer','null']}}}"));
    }

    @Test
    void aSchemaOfGooglesOwnFormGoesBackToGoogleAsItCame() {
        ObjectNode body = json("""
                {'contents': [{'role': 'user', 'parts': [{'text': 'x'}]}],
                 'tools': [{'googleSearch': {}, 'functionDeclarations': [{'name': 'f', 'description': '',
                   'parameters': {'type': 'OBJECT', 'properties': {'a': {'type': 'STRING', 'minLength': '2'}}}}]}],
                 'generationConfig': {'responseMimeType': 'application/json',
                   'responseSchema': {'type': 'ARRAY', 'items': {'type': 'STRING'}, 'minItems': '1'}}}""");
        ChatRequest request = gemini.readRequest(body.deepCopy());
        OutputFormat.Schema output = (OutputFormat.Schema) request.output();
        assertThat(output.schema())
                .isEqualTo(Json.read("{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"minItems\":1}"));
        assertThat(new ObjectComparison(gemini.writeRequest(request, terms))).isEqualTo(new ObjectComparison(body));
        assertThat(terms.dropped()).isEmpty();
    }

    /** Objects compared without regard to the order of their members or the width of their numbers. */
    private record ObjectComparison(Object value) {
        ObjectComparison(JsonNode node) {
            this((Object) sorted(node).toString());
        }

        private static JsonNode sorted(JsonNode node) {
            if (!(node instanceof ObjectNode object)) {
                return node.isArray() ? list(node) : node;
            }
            ObjectNode sorted = object.objectNode();
            object.propertyNames().stream().sorted().forEach(name -> sorted.set(name, sorted(object.get(name))));
            return sorted;
        }

        private static JsonNode list(JsonNode node) {
            var list = tools.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
            node.forEach(each -> list.add(sorted(each)));
            return list;
        }
    }

    @Test
    void resultsWithoutIdsFindTheirCallsByNameAndOrder() {
        ChatRequest request = read("""
                {'contents': [
                  {'role': 'model', 'parts': [{'functionCall': {'name': 'f', 'args': {'n': 1}}},
                    {'functionCall': {'name': 'g'}}, {'functionCall': {'name': 'f', 'args': {'n': 2}}}]},
                  {'role': 'user', 'parts': [{'functionResponse': {'name': 'g', 'response': {'output': 'of g'}}}]},
                  {'role': 'user', 'parts': [{'functionResponse': {'name': 'f', 'response': {'result': 'of 1'}}}]},
                  {'role': 'user', 'parts': [{'functionResponse': {'name': 'f', 'response': {'error': 'of 2'}}}]}]}""");
        List<String> calls = request.messages().get(0).parts().stream()
                .map(part -> ((Part.ToolCall) part).id())
                .toList();
        assertThat(calls).doesNotHaveDuplicates();
        List<Part.ToolResult> results = request.messages().subList(1, 4).stream()
                .map(message -> (Part.ToolResult) message.parts().get(0))
                .toList();
        assertThat(results).extracting(Part.ToolResult::id).containsExactly(calls.get(1), calls.get(0), calls.get(2));
        assertThat(results)
                .extracting(result -> ((Part.Text) result.content().get(0)).text())
                .containsExactly("of g", "of 1", "of 2");
        assertThat(results).extracting(Part.ToolResult::error).containsExactly(false, false, true);
    }

    @Test
    void theSameCallGetsTheSameIdInEveryTurn() {
        String call = "{'role': 'model', 'parts': [{'functionCall': {'name': 'f', 'args': {'n': 1}}}]}";
        Part first =
                read("{'contents': [" + call + "]}").messages().get(0).parts().get(0);
        Part later = read("{'contents': [" + call + ", {'parts': [{'text': 'and'}]}, " + call + "]}")
                .messages()
                .get(0)
                .parts()
                .get(0);
        assertThat(later).isEqualTo(first);
    }

    @Test
    void aMadeUpIdOfAnSdkIsKept() {
        ChatRequest request = read("""
                {'contents': [{'role': 'model', 'parts': [{'functionCall': {'id': 'sdk-1', 'name': 'f', 'args': {}}}]},
                  {'role': 'user', 'parts': [{'functionResponse': {'id': 'sdk-1', 'name': 'f',
                    'response': {'name': 'f', 'content': 'seen'}}}]}]}""");
        Part.ToolResult result =
                (Part.ToolResult) request.messages().get(1).parts().get(0);
        assertThat(result.id()).isEqualTo("sdk-1");
        assertThat(((Part.Text) result.content().get(0)).text()).isEqualTo("seen");
        assertThat(result.extras().isEmpty()).isTrue();
    }

    @Test
    void callsOfAnotherModelAreExcusedFromSignatures() {
        Part call = new Part.ToolCall("a", "f", "{}", null, Extras.NONE);
        Part other = new Part.ToolCall("b", "f", "{}", null, Extras.NONE);
        Part result = new Part.ToolResult("a", List.of(Part.Text.of("r")), false, null, Extras.NONE);
        ChatRequest request = request(
                "gemini-3-pro-preview",
                null,
                said(Role.USER, Part.Text.of("x")),
                said(Role.ASSISTANT, call, other),
                said(Role.TOOL, result));
        JsonNode parts = gemini.writeRequest(request, terms).at("/contents/1/parts");
        assertThat(parts.path(0).path("thoughtSignature").asString("")).isEqualTo("skip_thought_signature_validator");
        assertThat(parts.path(1).has("thoughtSignature")).isFalse();
        JsonNode older = gemini.writeRequest(request.to("gemini-2.5-flash", false, false), terms);
        assertThat(older.toString()).doesNotContain("thoughtSignature");
    }

    @Test
    void aProofGoesBackToItsMakerAlone() {
        Opaque made = new Opaque("gemini", "gemini", "p", StringNode.valueOf("sig"));
        Opaque others = new Opaque("gemini", "vertex", "q", StringNode.valueOf("sig"));
        ChatRequest request = request(
                "gemini-2.5-pro",
                null,
                said(Role.USER, Part.Text.of("x")),
                said(
                        Role.ASSISTANT,
                        new Part.ToolCall("a", "f", "{}", made, null, Extras.NONE),
                        new Part.ToolCall("b", "f", "{}", others, null, Extras.NONE)));
        JsonNode parts = gemini.writeRequest(request, terms).at("/contents/1/parts");
        assertThat(parts.path(0).path("thoughtSignature").asString("")).isEqualTo("sig");
        assertThat(parts.path(1).has("thoughtSignature")).isFalse();
        assertThat(terms.dropped()).containsExactly("q");
    }

    @Test
    void anotherMakersSealedProofSurvivesTheCallerAndNeverReachesGoogle() {
        Opaque claudes = new Opaque("anthropic", "anthropic", "s", StringNode.valueOf("claude's?>~"));
        ObjectNode part = json("{'text': 'hm', 'thought': true}");
        Signatures.show(claudes, part, terms);
        String sealed = part.path("thoughtSignature").stringValue();
        assertThat(java.util.Base64.getDecoder().decode(sealed)).isNotEmpty();
        String body = "{\"contents\":[{\"role\":\"model\",\"parts\":[" + part + ",{\"functionCall\":{\"name\":\"f\"},"
                + "\"thoughtSignature\":\"" + sealed + "\"}]}],\"labels\":{}}";
        Part.Reasoning read = (Part.Reasoning) read(body.replace('+', '-').replace('/', '_'))
                .messages()
                .get(0)
                .parts()
                .get(0);
        assertThat(read.proof().value()).isEqualTo(claudes.value());
        assertThat(read.proof().mayBeOf("anthropic", "anthropic")).isTrue();

        Splices splices = gemini.splices(JsonDocument.parse(body.getBytes(StandardCharsets.UTF_8)), Quirks.NONE, false);
        JsonNode parts = splices.members().get("contents").at("/0/parts");
        assertThat(parts.path(0).has("thoughtSignature")).isFalse();
        assertThat(parts.path(1).path("thoughtSignature").asString("")).isEqualTo(Signatures.NOT_NEEDED);
        String plain = body.replace(sealed, "Q0FFUw==");
        assertThat(gemini.splices(JsonDocument.parse(plain.getBytes(StandardCharsets.UTF_8)), Quirks.NONE, false))
                .isEqualTo(Splices.NONE);
    }

    @Test
    void turnsAreMergedWithResultsFirst() {
        ChatRequest request = request(
                "gemini-2.5-flash",
                null,
                said(Role.ASSISTANT, new Part.ToolCall("a", "f", "", null, Extras.NONE)),
                said(Role.USER, Part.Text.of("and this")),
                said(Role.TOOL, new Part.ToolResult("a", List.of(Part.Text.of("r")), true, null, Extras.NONE)));
        ObjectNode written = gemini.writeRequest(request, terms);
        assertThat(written).isEqualTo(json("""
                {'contents': [{'role': 'user', 'parts': [{'text': '.'}]},
                  {'role': 'model', 'parts': [{'functionCall': {'id': 'a', 'name': 'f', 'args': {}}}]},
                  {'role': 'user', 'parts': [{'functionResponse': {'id': 'a', 'name': 'f',
                    'response': {'error': 'r'}}}, {'text': 'and this'}]}]}"""));
    }

    @Test
    void picturesInResultsStandWhereTheModelLooks() {
        Part picture = new Part.Media(
                Part.MediaKind.IMAGE, new Part.Source.Inline("image/png", "AAAA"), null, null, Extras.NONE);
        Message result = said(
                Role.TOOL, new Part.ToolResult("a", List.of(Part.Text.of("r"), picture), false, null, Extras.NONE));
        JsonNode newer = gemini.writeRequest(request("gemini-3-flash", null, result), terms);
        assertThat(newer.at("/contents/0/parts/0/functionResponse/parts/0/inlineData/data")
                        .asString(""))
                .isEqualTo("AAAA");
        JsonNode older = gemini.writeRequest(request("gemini-2.5-flash", null, result), terms);
        assertThat(older.at("/contents/0/parts/0/functionResponse").has("parts"))
                .isFalse();
        assertThat(older.at("/contents/0/parts/1/inlineData/data").asString("")).isEqualTo("AAAA");
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash,    low,     1024,  ",
        "gemini-2.5-pro,      high,    32768, ",
        "gemini-3-pro,        medium,  ,      HIGH",
        "gemini-3-flash,      minimal, ,      MINIMAL",
        "gemini-flash-latest, xhigh,   ,      HIGH",
        "gemini-3.1-pro,      medium,  ,      MEDIUM",
    })
    void effortIsALevelOrABudget(String model, String effort, Long budget, String level) {
        Thinking thinking = new Thinking(Thinking.Mode.ON, effort, null, false);
        JsonNode config = gemini.writeRequest(request(model, thinking, said(Role.USER, Part.Text.of("x"))), terms)
                .at("/generationConfig/thinkingConfig");
        assertThat(config.path("thinkingBudget").isMissingNode()).isEqualTo(budget == null);
        assertThat(config.path("thinkingBudget").asLong(0)).isEqualTo(budget == null ? 0 : budget);
        assertThat(config.path("thinkingLevel").asString("")).isEqualTo(level == null ? "" : level);
    }

    @Test
    void budgetsReadAsTheyAreMeant() {
        assertThat(thinking("{'thinkingBudget': 0}").mode()).isEqualTo(Thinking.Mode.OFF);
        assertThat(thinking("{'thinkingBudget': -1}").mode()).isEqualTo(Thinking.Mode.ADAPTIVE);
        assertThat(thinking("{'thinkingBudget': 300}")).isEqualTo(new Thinking(Thinking.Mode.ON, null, 300L, null));
        assertThat(thinking("{'thinkingLevel': 'low', 'includeThoughts': true}"))
                .isEqualTo(new Thinking(Thinking.Mode.ON, "low", null, true));
    }

    private Thinking thinking(String config) {
        return read("{'contents': [], 'generationConfig': {'thinkingConfig': " + config + "}}")
                .thinking();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'mode': 'AUTO'} | Auto[]",
                "{'mode': 3} | None[]",
                "{'mode': 'ANY'} | Required[]",
                "{'mode': 'ANY', 'allowedFunctionNames': ['f']} | Named[name=f]",
                "{'mode': 'ANY', 'allowedFunctionNames': ['f', 'g']} | Required[]"
            },
            quoteCharacter = '~')
    void modesAreChoices(String config, String choice) {
        ChatRequest request = read("{'contents': [], 'toolConfig': {'functionCallingConfig': " + config + "}}");
        assertThat(request.toolChoice()).hasToString(choice);
    }

    @Test
    void aModeOfThisDialectAloneIsLeftOver() {
        String body = "{'contents': [], 'toolConfig': {'functionCallingConfig': {'mode': 'VALIDATED'}}}";
        ChatRequest request = read(body);
        assertThat(request.toolChoice()).isNull();
        terms.dropped(request.extras());
        assertThat(terms.dropped()).containsExactly("toolConfig.functionCallingConfig.mode");
        assertThat(gemini.writeRequest(request, terms)).isEqualTo(json(body));
    }

    @Test
    void aForcedChoiceIsAModeWithOneName() {
        ObjectNode body = json("""
                {'contents': [], 'tools': [{'functionDeclarations': [{'name': 'f'}]}],
                 'toolConfig': {'functionCallingConfig': {'mode': 'ANY', 'allowedFunctionNames': ['f']}}}""");
        ChatRequest request = gemini.readRequest(body.deepCopy());
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("f"));
        assertThat(gemini.writeRequest(request, terms))
                .isEqualTo(json(
                        "{'tools': [{'functionDeclarations': [{'name': 'f'}]}], 'toolConfig': {'functionCallingConfig':"
                                + " {'mode': 'ANY', 'allowedFunctionNames': ['f']}}, 'contents': []}"));
    }

    @Test
    void filesAreUrlsForEverybodyOrIdsForGoogle() {
        ChatRequest request = read("""
                {'contents': [{'parts': [
                  {'fileData': {'fileUri': 'https://example.org/a.pdf', 'mimeType': 'application/pdf'}},
                  {'fileData': {'fileUri': 'gs://bucket/b.png', 'mimeType': 'image/png'}},
                  {'fileData': {'fileUri': 'https://www.youtube.com/watch?v=1'}},
                  {'executableCode': {'language': 'PYTHON', 'code': '1'}}]}]}""");
        List<Part> parts = request.messages().get(0).parts();
        assertThat(((Part.Media) parts.get(0)).source()).isEqualTo(new Part.Source.Url("https://example.org/a.pdf"));
        assertThat(((Part.Media) parts.get(1)).source()).isEqualTo(new Part.Source.FileId("gs://bucket/b.png"));
        assertThat(((Part.Foreign) parts.get(2)).type()).isEqualTo("fileData");
        assertThat(((Part.Foreign) parts.get(3)).type()).isEqualTo("executableCode");
    }

    @Test
    void whatIsMissingOrMistypedIsNamed() {
        assertThatThrownBy(() -> read("{}"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.param()).contains("contents"));
        assertThatThrownBy(() -> read("{'contents': [{'parts': [{'functionCall': {'name': 'f', 'args': 7}}]}]}"))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.param()).contains("contents[0].parts[0].functionCall.args"));
        assertThatThrownBy(() -> read("{'contents': [], 'generationConfig': {'temperature': 'hot'}}"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.param()).contains("generationConfig.temperature"));
    }
}
