package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.FinishReason.Kind;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.conformance.Events;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** An answer that failed, or that was declined, is not told as one that went well. */
class FinishTest {
    private static final List<String> SUCCESSES =
            List.of("stop", "end_turn", "tool_use", "tool_calls", "STOP", "COMPLETE", "TOOL_CALL", "completed");

    private final Dialects dialects = new Dialects(InstantSource.system());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MALFORMED_FUNCTION_CALL",
                "UNEXPECTED_TOOL_CALL",
                "malformed_tool_use",
                "malformed_model_output",
                "insufficient_system_resource",
                "error"
            })
    void aWordForAFailureIsNoSuccessInAnyDialect(String word) throws BadAnswer {
        for (Part part : List.of(Part.Text.of("Let me"), new Part.ToolCall("c1", "f", "{}", null, Extras.NONE))) {
            ChatResponse answer = answer(new FinishReason(Kind.OTHER, word, ""), part);
            for (String id : dialects.ids()) {
                assertThat(whole(id, answer)).as(id).isNotIn(SUCCESSES);
                assertThat(streamed(id, answer)).as(id).isNotIn(SUCCESSES);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"anthropic, refusal", "bedrock, content_filtered", "gemini, SAFETY", "cohere, ERROR_TOXIC"})
    void wordsOfRefusalWithoutAReasonForThemAreARefusalWhereTheyLookLikeText(String id, String word) throws BadAnswer {
        ChatResponse answer =
                answer(new FinishReason(Kind.STOP, "stop", ""), new Part.Declined("I will not.", Extras.NONE));
        assertThat(whole(id, answer)).isEqualTo(word);
        assertThat(streamed(id, answer)).isEqualTo(word);
    }

    private static ChatResponse answer(FinishReason finish, Part part) {
        ChatResponse.Choice choice = new ChatResponse.Choice(0, List.of(part), finish, List.of(), Extras.NONE);
        return new ChatResponse("id", "m", 1L, List.of(choice), Usage.NONE, Extras.NONE);
    }

    private static WriteTerms terms() {
        return new WriteTerms(Quirks.NONE, "any", 4096);
    }

    private String whole(String id, ChatResponse answer) {
        return word(id, dialects.byId(id).writeResponse(answer, terms()));
    }

    private String streamed(String id, ChatResponse answer) throws BadAnswer {
        Dialect dialect = dialects.byId(id);
        Dialect.EventWriter writer = dialect.eventWriter(Streams.request(dialect), terms());
        List<String> words = new ArrayList<>();
        for (StreamEvent event : Events.of(answer)) {
            for (Frame frame : writer.write(event)) {
                String word = frame.data().startsWith("{") ? word(id, Json.read(frame.data())) : "";
                if (!word.isEmpty()) {
                    words.add(word);
                }
            }
        }
        return words.get(words.size() - 1);
    }

    private static String word(String id, JsonNode body) {
        String path = switch (id) {
            case "anthropic" -> body.has("delta") ? "/delta/stop_reason" : "/stop_reason";
            case "bedrock" -> "/stopReason";
            case "gemini" -> "/candidates/0/finishReason";
            case "cohere" -> body.has("delta") ? "/delta/finish_reason" : "/finish_reason";
            case "openai-responses" -> body.has("response") ? "/response/status" : "/status";
            case "ollama" -> "/done_reason";
            default -> "/choices/0/finish_reason";
        };
        return body.at(path).asString("");
    }
}
