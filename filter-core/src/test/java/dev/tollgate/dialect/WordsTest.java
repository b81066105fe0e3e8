package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.Targets;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What was dropped is told in the caller's own words. */
class WordsTest {
    private static final Dialects DIALECTS = new Dialects(InstantSource.system());

    /** What parts are asked for stands somewhere inside, not in a field of the body. */
    private static final Set<Asked> OF_PARTS = EnumSet.of(Asked.CACHE, Asked.IS_ERROR, Asked.TITLE, Asked.ARGUMENTS);

    /** What callers of a dialect may say and its writer leaves out without a loss, or says in other words. */
    private static final Set<String> UNWRITTEN = Set.of("openai-responses BUDGET");

    static Stream<String> dialects() {
        return DIALECTS.ids().stream().sorted();
    }

    private static final JsonNode SCHEMA =
            Json.read("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}");

    /** A request that asks for one thing alone. */
    private static ChatRequest asking(Asked asked, String dialect) {
        boolean tools = Set.of(Asked.TOOLS, Asked.TOOL_CHOICE, Asked.PARALLEL_TOOLS, Asked.STRICT_TOOLS)
                .contains(asked);
        Tool tool = new Tool.Function("f", "d", SCHEMA, asked == Asked.STRICT_TOOLS ? true : null, null, Extras.NONE);
        return new ChatRequest(
                dialect.equals("bedrock") ? "anthropic.claude-opus-4-5-v1:0" : "m",
                List.of(new Message(Message.Role.USER, List.of(Part.Text.of("hi")), Extras.NONE)),
                tools ? List.of(tool) : List.of(),
                asked == Asked.TOOL_CHOICE || asked == Asked.PARALLEL_TOOLS ? new ToolChoice.Required() : null,
                asked == Asked.PARALLEL_TOOLS ? false : null,
                sampling(asked),
                asked == Asked.OUTPUT || asked == Asked.OUTPUT_DESCRIPTION
                        ? new OutputFormat.Schema("answer", "what it is", SCHEMA, true)
                        : null,
                thinking(asked),
                hints(asked),
                false,
                false,
                Extras.NONE);
    }

    private static Sampling sampling(Asked asked) {
        JsonNode half = Json.read("0.5");
        return new Sampling(
                asked == Asked.MAX_TOKENS || asked == Asked.BUDGET ? 9000L : null,
                asked == Asked.TEMPERATURE ? half : null,
                asked == Asked.TOP_P ? half : null,
                asked == Asked.TOP_K ? 7L : null,
                asked == Asked.FREQUENCY_PENALTY ? half : null,
                asked == Asked.PRESENCE_PENALTY ? half : null,
                asked == Asked.SEED ? 11L : null,
                asked == Asked.CHOICES ? 2L : null,
                asked == Asked.LOGPROBS || asked == Asked.TOP_LOGPROBS ? Long.valueOf(3) : null,
                asked == Asked.STOP ? List.of("END") : List.of());
    }

    private static @Nullable Thinking thinking(Asked asked) {
        return switch (asked) {
            case THINKING -> new Thinking(Thinking.Mode.ON, null, null, null);
            case EFFORT -> new Thinking(Thinking.Mode.ON, "low", null, null);
            case BUDGET -> new Thinking(Thinking.Mode.ON, null, 2048L, null);
            default -> null;
        };
    }

    private static Hints hints(Asked asked) {
        return new Hints(
                asked == Asked.USER ? "u" : null,
                asked == Asked.SERVICE_TIER ? "flex" : null,
                asked == Asked.CACHE_KEY ? "key" : null,
                asked == Asked.VERBOSITY ? "low" : null,
                asked == Asked.METADATA ? Json.read("{\"team\":\"a\"}") : null);
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void aDialectsWordIsAFieldOfItsRequestsAndWhatItHasNoWordForItDrops(String id) {
        Words words = DIALECTS.byId(id).words();
        for (Asked asked : Asked.values()) {
            if (!OF_PARTS.contains(asked)) {
                WriteTerms terms = new WriteTerms(Quirks.NONE, "any", 4096);
                ObjectNode body = DIALECTS.byId(id).writeRequest(asking(asked, id), terms);
                boolean said =
                        words.has(asked) && Words.occurs(body, words.in(body).of(asked));
                assertThat(said || !terms.dropped().isEmpty() || UNWRITTEN.contains(id + " " + asked))
                        .as("%s in %s: %s", asked, id, body)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemini|openai-chat|generationConfig.topK|{\"contents\":[],\"generationConfig\":{\"topK\":3}}",
                "cohere|openai-chat|k|{\"model\":\"m\",\"messages\":[],\"k\":3}",
                "ollama|openai-responses|options.seed|{\"model\":\"m\",\"messages\":[],\"options\":{\"seed\":3}}",
                "bedrock|openai-chat|additionalModelRequestFields.inferenceConfig.topK|{\"messages\":[],\"additionalModelRequestFields\":{\"inferenceConfig\":{\"topK\":3}}}",
                "anthropic|cohere|metadata.user_id|{\"model\":\"m\",\"max_tokens\":9,\"messages\":[],\"metadata\":{\"user_id\":\"u\"}}",
                "anthropic|cohere|thinking|{\"model\":\"m\",\"max_tokens\":9,\"messages\":[],\"thinking\":{\"type\":\"adaptive\"}}",
                "anthropic|cohere|output_config.effort|{\"model\":\"m\",\"max_tokens\":9,\"messages\":[],\"output_config\":{\"effort\":\"low\"}}",
                "openai-responses|anthropic|text.verbosity|{\"model\":\"m\",\"input\":\"hi\",\"text\":{\"verbosity\":\"low\"}}",
                "openai-responses|cohere|reasoning.effort|{\"model\":\"m\",\"input\":\"hi\",\"reasoning\":{\"effort\":\"low\"}}",
                "openai-responses|anthropic|safety_identifier|{\"model\":\"m\",\"input\":\"hi\",\"safety_identifier\":\"u\"}",
                "openai-chat|cohere|reasoning_effort|{\"model\":\"m\",\"messages\":[],\"reasoning_effort\":\"low\"}"
            })
    void whatSaysItOfSeveralFieldsIsTold(String callers, String targets, String told, String body) {
        List<String> dropped =
                translation(callers, targets, (ObjectNode) Json.read(body)).dropped();

        if (told.equals("safety_identifier")) {
            assertThat(dropped).isEmpty();
        } else {
            assertThat(dropped).containsExactly(told);
        }
    }

    @Test
    void whatAProviderRefusesIsToldInTheCallersWordsToo() {
        Quirks quirks = new Quirks(true, "max_tokens", Set.of("stop", "top_p"), Map.of(), List.of(), List.of());
        ObjectNode body = (ObjectNode)
                Json.read("{\"contents\":[],\"generationConfig\":{\"topP\":0.5,\"stopSequences\":[\"a\"]}}");

        assertThat(translation("gemini", "openai-chat", body, quirks).dropped())
                .containsExactlyInAnyOrder("generationConfig.topP", "generationConfig.stopSequences");
    }

    private static Translation translation(String callers, String targets, ObjectNode body) {
        return translation(callers, targets, body, Quirks.NONE);
    }

    private static Translation translation(String callers, String targets, ObjectNode body, Quirks quirks) {
        Passage passage = new Passage(
                DIALECTS.byId(callers),
                DIALECTS.byId(targets),
                Way.chat(targets, "/chat"),
                Targets.of("any", targets, targets.equals("cohere") ? "command-r" : "m", quirks),
                4096,
                false,
                Framings.SSE,
                "call",
                List.of());
        return Translations.of(passage, JsonDocument.parse(Json.text(body).getBytes(UTF_8)));
    }
}
