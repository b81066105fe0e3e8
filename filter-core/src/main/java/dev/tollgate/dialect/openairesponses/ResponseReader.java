package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads whole answers. It is lenient: what it does not expect stays in the extras. */
final class ResponseReader {
    private static final String BASE = "response";

    /** What an answer repeats of its request, or says of its making; nobody who asked in another way misses it. */
    private static final String[] ECHO = {
        "background",
        "completed_at",
        "conversation",
        "frequency_penalty",
        "instructions",
        "max_output_tokens",
        "max_tool_calls",
        "metadata",
        "output_text",
        "parallel_tool_calls",
        "presence_penalty",
        "previous_response_id",
        "prompt",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning",
        "safety_identifier",
        "store",
        "temperature",
        "text",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "truncation",
        "user",
    };

    private ResponseReader() {}

    static ChatResponse read(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        String id = answer.need("id");
        String model = answer.need("model");
        ItemReader turn = new ItemReader(BASE, Set.of(), Map.of());
        answer.each("output", item -> turn.read(item, item.kind("type")));
        Usage usage = UsageFields.read(answer.take("usage"));
        Choice choice = new Choice(0, turn.parts(), finish(body), chances(body), turn.rest());
        return new ChatResponse(id, model, created(answer), List.of(choice), usage, rest(answer));
    }

    /** When the answer was made; one provider gives fractions of a second. */
    static @Nullable Long created(Fields answer) {
        JsonNode created = answer.peek("created_at");
        if (created == null || !created.isNumber()) {
            return null;
        }
        answer.take("created_at");
        return created.longValue();
    }

    /** What is left over of an answer besides its items and its usage. */
    static Extras rest(Fields answer) {
        for (String known : new String[] {"object", "status", "incomplete_details", "error"}) {
            answer.take(known);
        }
        answer.label(ECHO);
        return answer.rest();
    }

    static FinishReason finish(JsonNode body) {
        boolean calls = false;
        for (JsonNode item : body.path("output")) {
            calls |= item.path("type").asString("").equals("function_call");
        }
        return Status.read(body, calls);
    }

    private static List<TokenChance> chances(JsonNode body) {
        List<TokenChance> chances = new ArrayList<>();
        for (JsonNode item : body.path("output")) {
            for (JsonNode part : item.path("content")) {
                chances.addAll(Logprobs.read(part.path("logprobs")));
            }
        }
        return chances;
    }

    static AnswerFacts facts(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        FinishReason finish = finish(body);
        return new AnswerFacts(
                        answer.need("model"),
                        UsageFields.read(answer.take("usage")),
                        finish.raw().isEmpty() ? null : finish)
                .servedIn(body.path("service_tier"));
    }

    private static Fields answer(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object)) {
            throw new BadAnswer("the answer is no JSON object");
        }
        boolean failed = body.path("status").asString("").equals(Status.FAILED);
        if (failed || body.hasNonNull("error")) {
            throw new BadAnswer("the answer is an error");
        }
        if (object.path("output").isArray()) {
            return Fields.lenient(object, OpenAiResponses.ID, BASE);
        }
        throw new BadAnswer("the answer has no output");
    }
}
