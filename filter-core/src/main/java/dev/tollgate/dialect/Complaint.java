package dev.tollgate.dialect;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a provider's error is about, where its HTTP status does not tell. */
public enum Complaint {
    /** Whatever its status says. */
    OTHER,
    /** The request is too long for the model. */
    CONTEXT_WINDOW,
    /** The provider does not want to answer what the request says. */
    CONTENT_POLICY,
    /** There is no money left on the gateway's account, so that no wait helps. */
    SPENT,
    /** The gateway's key is not accepted. */
    BAD_KEY;

    private static final Set<String> CONTEXT_CODES = Set.of(
            "context_length_exceeded",
            "context_window_exceeded",
            "model_context_window_exceeded",
            "exceed_context_size_error",
            "too_many_tokens");

    /** How providers word it that have no code for it, in lower case. */
    private static final List<String> CONTEXT_WORDS = List.of(
            "prompt is too long",
            "input is too long",
            "maximum context length",
            "context window",
            "exceeds the maximum number of tokens",
            "exceed context limit",
            "exceeds the available context size",
            "maximum prompt length",
            "too many tokens",
            "too many input tokens",
            "exceeds the model's context");

    private static final Set<String> POLICY_CODES = Set.of(
            "content_filter",
            "content_policy_violation",
            "responsibleaipolicyviolation",
            "moderation_blocked",
            "data_inspection_failed",
            "datainspectionfailed",
            "invalid_prompt");

    private static final List<String> POLICY_WORDS = List.of(
            "content management policy",
            "content filtering policy",
            "content policy",
            "usage policy",
            "safety system",
            "input was flagged",
            "flagged as potentially violating",
            "inappropriate content");

    private static final Set<String> SPENT_CODES = Set.of(
            "insufficient_quota",
            "billing_error",
            "billing_hard_limit_reached",
            "billing_not_active",
            "enforced_spend_limit_reached",
            "spend_limit_reached",
            "insufficient_balance",
            "insufficient_credits",
            "credit_balance_too_low");

    private static final List<String> SPENT_WORDS =
            List.of("credit balance is too low", "insufficient balance", "used all available credits");

    /**
     * @param type the provider's error type, or null
     * @param code the provider's error code, or null
     */
    public static Complaint of(int status, @Nullable String type, @Nullable String code, String message) {
        List<String> words = Stream.of(type == null ? "" : type, code == null ? "" : code)
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
        String text = message.toLowerCase(Locale.ROOT);
        if (status == 402 || says(words, SPENT_CODES) || (status < 500 && isIn(text, SPENT_WORDS))) {
            return SPENT;
        }
        if (words.contains("api_key_invalid") || (status == 400 && text.startsWith("incorrect api key"))) {
            return BAD_KEY;
        }
        if (says(words, CONTEXT_CODES) || (isAboutTheRequest(status) && isIn(text, CONTEXT_WORDS))) {
            return CONTEXT_WINDOW;
        }
        if (says(words, POLICY_CODES) || (mayBeAboutWhatItSays(status) && isIn(text, POLICY_WORDS))) {
            return CONTENT_POLICY;
        }
        return OTHER;
    }

    private static boolean isAboutTheRequest(int status) {
        return status == 400 || status == 413 || status == 422;
    }

    private static boolean mayBeAboutWhatItSays(int status) {
        return isAboutTheRequest(status) || status == 403;
    }

    private static boolean says(List<String> words, Set<String> known) {
        return words.stream().anyMatch(known::contains);
    }

    private static boolean isIn(String text, List<String> known) {
        return known.stream().anyMatch(text::contains);
    }
}
