package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Fields;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads whole answers. It is lenient: what it does not expect stays in the extras. */
final class ResponseReader {
    /** Where the reason stands that a prompt was not answered. */
    static final String BLOCKED = "response.promptFeedback";

    private static final int MOST_CANDIDATES = 1024;

    private ResponseReader() {}

    static ChatResponse read(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        answer.label("createTime");
        String id = answer.need("responseId");
        String model = answer.need("modelVersion");
        Usage usage = UsageFields.read(answer.peek("usageMetadata"));
        if (usage != null) {
            answer.take("usageMetadata");
        }
        List<Choice> choices = candidates(answer, id);
        if (choices.isEmpty()) {
            Extras place = new Extras(Gemini.ID, BLOCKED, Map.of());
            FinishReason blocked = FinishWords.blocked(answer.node().path("promptFeedback"));
            choices = List.of(new Choice(0, List.of(), blocked, List.of(), place));
        }
        return new ChatResponse(id, model, created(answer.node()), choices, usage, answer.rest());
    }

    static AnswerFacts facts(JsonNode body) throws BadAnswer {
        Fields answer = answer(body);
        JsonNode first = answer.node().path("candidates").path(0);
        boolean calls = false;
        for (JsonNode part : first.path("content").path("parts")) {
            calls |= part.has("functionCall");
        }
        FinishReason finish = first.isMissingNode()
                ? FinishWords.blocked(answer.node().path("promptFeedback"))
                : FinishWords.read(first.path("finishReason"), calls);
        return new AnswerFacts(
                answer.need("modelVersion"),
                UsageFields.read(answer.peek("usageMetadata")),
                finish.raw().isEmpty() ? null : finish);
    }

    private static Fields answer(JsonNode body) throws BadAnswer {
        if (!(body instanceof ObjectNode object)) {
            throw new BadAnswer("the answer is no JSON object");
        }
        boolean answered = object.path("candidates").isArray()
                && !object.path("candidates").isEmpty();
        if (answered || isBlocked(object)) {
            return Fields.lenient(ProtoJson.tidy(object), Gemini.ID, "response");
        }
        throw new BadAnswer(object.has("error") ? "the answer is an error" : "the answer has no candidates");
    }

    /** Whether an answer, or a chunk of one, says that the prompt was not answered. */
    static boolean isBlocked(JsonNode answer) {
        JsonNode reason = answer.path("promptFeedback").path("blockReason");
        return reason.isString() || reason.isInt();
    }

    /** When an answer was made, in seconds since 1970. */
    static @Nullable Long created(JsonNode answer) {
        JsonNode time = answer.path("createTime");
        try {
            return time.isString() ? Instant.parse(time.stringValue()).getEpochSecond() : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static List<Choice> candidates(Fields answer, String id) {
        List<Choice> choices = new ArrayList<>();
        for (JsonNode element : answer.list("candidates")) {
            int position = choices.size();
            Fields candidate = answer.element(element, "candidates", position);
            if (candidate != null) {
                choices.add(candidate(candidate, position, id));
            }
        }
        return choices;
    }

    private static Choice candidate(Fields candidate, int position, String id) {
        candidate.label(LogProbs.MEMBER, "avgLogprobs", "finishMessage", "index");
        JsonNode number = candidate.node().path("index");
        long index = number.isIntegralNumber() && number.canConvertToLong() ? number.longValue() : -1;
        Fields content = candidate.object("content");
        if (content != null) {
            content.label("role");
        }
        PartReader reader = new PartReader(new CallIds(id + '/' + position));
        List<Part> parts = content == null ? List.of() : cited(reader.parts(content), candidate);
        boolean calls = parts.stream().anyMatch(part -> part instanceof Part.ToolCall);
        JsonNode reason = candidate.take("finishReason");
        return new Choice(
                index < 0 || index > MOST_CANDIDATES ? position : (int) index,
                parts,
                FinishWords.read(reason == null ? MissingNode.getInstance() : reason, calls),
                LogProbs.read(candidate.peek(LogProbs.MEMBER)),
                candidate.rest());
    }

    /** The parts with their sources: those of the part they name, or of the first text where they name none. */
    private static List<Part> cited(List<Part> parts, Fields candidate) {
        boolean named = candidate.node().toString().contains("\"partIndex\"");
        List<Part> cited = new ArrayList<>();
        boolean first = true;
        for (Part part : parts) {
            if (part instanceof Part.Text text && (named || first)) {
                first = false;
                int index = named ? cited.size() : -1;
                List<Citation> sources = Grounding.read(candidate.node(), text.text(), index, candidate.path());
                cited.add(new Part.Text(text.text(), sources, text.cache(), text.extras()));
            } else {
                cited.add(part);
            }
        }
        return cited;
    }
}
