package dev.tollgate.dialect.openairesponses;

import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Words;

/** What requests of this dialect call what others ask for too. */
final class RequestWords {
    static final Words WORDS = Words.PLAIN
            .with(Asked.MAX_TOKENS, "max_output_tokens")
            .with(Asked.TEMPERATURE, "temperature")
            .with(Asked.TOP_P, "top_p")
            .with(Asked.LOGPROBS, "top_logprobs", "include")
            .with(Asked.TOP_LOGPROBS, "top_logprobs", "include")
            .with(Asked.OUTPUT, "text.format")
            .with(Asked.OUTPUT_DESCRIPTION, "text.format.description")
            .with(Asked.THINKING, "reasoning.effort", "reasoning")
            .with(Asked.EFFORT, "reasoning.effort", "reasoning")
            .with(Asked.TOOL_CHOICE, "tool_choice")
            .with(Asked.PARALLEL_TOOLS, "parallel_tool_calls")
            .with(Asked.TOOLS, "tools")
            .with(Asked.STRICT_TOOLS, "tools[].strict")
            .with(Asked.USER, "user", "safety_identifier")
            .with(Asked.SERVICE_TIER, "service_tier")
            .with(Asked.CACHE_KEY, "prompt_cache_key")
            .with(Asked.VERBOSITY, "text.verbosity")
            .with(Asked.METADATA, "metadata")
            .with(Asked.TITLE, "filename")
            .with(Asked.ARGUMENTS, "arguments");

    private RequestWords() {}
}
