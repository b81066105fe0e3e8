package dev.tollgate.dialect.embed;

import dev.tollgate.Refusal;
import dev.tollgate.chat.EmbedRequest;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the formats have in common: inputs that must be text, and words for tasks. */
final class Inputs {
    private static final Map<EmbedRequest.Task, String> GEMINI = Map.of(
            EmbedRequest.Task.QUERY, "RETRIEVAL_QUERY",
            EmbedRequest.Task.DOCUMENT, "RETRIEVAL_DOCUMENT",
            EmbedRequest.Task.SIMILARITY, "SEMANTIC_SIMILARITY",
            EmbedRequest.Task.CLASSIFICATION, "CLASSIFICATION",
            EmbedRequest.Task.CLUSTERING, "CLUSTERING",
            EmbedRequest.Task.QUESTION_ANSWERING, "QUESTION_ANSWERING",
            EmbedRequest.Task.FACT_VERIFICATION, "FACT_VERIFICATION",
            EmbedRequest.Task.CODE_QUERY, "CODE_RETRIEVAL_QUERY");

    private static final Map<EmbedRequest.Task, String> COHERE = Map.of(
            EmbedRequest.Task.QUERY, "search_query",
            EmbedRequest.Task.QUESTION_ANSWERING, "search_query",
            EmbedRequest.Task.FACT_VERIFICATION, "search_query",
            EmbedRequest.Task.CODE_QUERY, "search_query",
            EmbedRequest.Task.DOCUMENT, "search_document",
            EmbedRequest.Task.CLASSIFICATION, "classification",
            EmbedRequest.Task.CLUSTERING, "clustering");

    private Inputs() {}

    /** The inputs as texts; titles that no other format has are noted. */
    static List<String> texts(EmbedRequest request, String target, WriteTerms terms) {
        List<String> texts = new ArrayList<>();
        for (EmbedRequest.Input input : request.inputs()) {
            if (!(input instanceof EmbedRequest.Input.Text text)) {
                throw Refusal.badField("input", "'input' must be text: " + target + " takes nothing else");
            }
            if (text.title() != null) {
                terms.dropped(text.extras().path("title"));
            }
            terms.dropped(text.extras());
            texts.add(text.text());
        }
        return texts;
    }

    /** Notes who the end user is, which most formats have no place for. */
    static void dropUser(EmbedRequest request, WriteTerms terms) {
        if (request.user() != null) {
            terms.dropped("user");
        }
    }

    /** Gemini's word for a task. */
    static String gemini(EmbedRequest.Task task) {
        return GEMINI.getOrDefault(task, "TASK_TYPE_UNSPECIFIED");
    }

    /** The task that one of Gemini's words means; null when none does. */
    static EmbedRequest.@Nullable Task ofGemini(String word) {
        return key(GEMINI, word);
    }

    /** Cohere's word for a task; null when it has none. */
    static @Nullable String cohere(EmbedRequest.Task task) {
        return COHERE.get(task);
    }

    /** The task that {@code input_type} means, in the words of Cohere, Voyage and NVIDIA; null when none does. */
    static EmbedRequest.@Nullable Task ofInputType(String word) {
        return switch (word) {
            case "query", "search_query" -> EmbedRequest.Task.QUERY;
            case "document", "passage", "search_document" -> EmbedRequest.Task.DOCUMENT;
            case "classification" -> EmbedRequest.Task.CLASSIFICATION;
            case "clustering" -> EmbedRequest.Task.CLUSTERING;
            default -> null;
        };
    }

    private static EmbedRequest.@Nullable Task key(Map<EmbedRequest.Task, String> words, String word) {
        return words.entrySet().stream()
                .filter(entry -> entry.getValue().equals(word))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** Usage of input alone. */
    static Usage usage(long input) {
        return new Usage(input, 0, 0, 0, 0, 0, 0, 0, Usage.NONE.extras());
    }
}
