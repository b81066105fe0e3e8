package dev.tollgate.dialect;

import java.util.Locale;

/**
 * Something a request may ask for in most dialects, each of which has its own word for it. The first of a request's fields
 * that are about it is the one a caller is told of when it could not be carried.
 */
public enum Asked {
    MAX_TOKENS,
    TEMPERATURE,
    TOP_P,
    TOP_K,
    FREQUENCY_PENALTY,
    PRESENCE_PENALTY,
    SEED,
    CHOICES("n"),
    LOGPROBS,
    TOP_LOGPROBS,
    STOP,
    OUTPUT("response_format"),
    OUTPUT_DESCRIPTION("response_format.json_schema.description"),
    /** Whether to reason at all. */
    THINKING("reasoning_effort"),
    /** How much to reason, in a word. */
    EFFORT("reasoning_effort"),
    /** How much to reason, in tokens. */
    BUDGET("reasoning_effort"),
    TOOL_CHOICE,
    PARALLEL_TOOLS("parallel_tool_calls"),
    TOOLS,
    STRICT_TOOLS("tools[].function.strict"),
    USER,
    SERVICE_TIER,
    CACHE_KEY("prompt_cache_key"),
    VERBOSITY,
    METADATA,
    /** Of a part or a tool: that a prompt may be cached up to here. */
    CACHE("cache_control"),
    /** Of a tool's result: that the call failed. */
    IS_ERROR,
    /** Of a document: what it is called. */
    TITLE("filename"),
    /** Of a tool call: what the tool is called with. */
    ARGUMENTS("function.arguments");

    private final String plain;

    Asked() {
        this.plain = name().toLowerCase(Locale.ROOT);
    }

    Asked(String plain) {
        this.plain = plain;
    }

    /** What OpenAI's chat calls it, and all who have no word of their own. */
    String plain() {
        return plain;
    }
}
