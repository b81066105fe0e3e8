package dev.tollgate.dialect.anthropic;

import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Words;

/** What requests of this dialect call what others ask for too. */
final class RequestWords {
    static final Words WORDS = Words.PLAIN
            .with(Asked.MAX_TOKENS, "max_tokens")
            .with(Asked.TEMPERATURE, "temperature")
            .with(Asked.TOP_P, "top_p")
            .with(Asked.TOP_K, "top_k")
            .with(Asked.STOP, "stop_sequences")
            .with(Asked.OUTPUT, "output_config.format", "output_format")
            .with(Asked.THINKING, "thinking", "output_config.effort")
            .with(Asked.EFFORT, "output_config.effort", "thinking")
            .with(Asked.BUDGET, "thinking.budget_tokens", "thinking")
            .with(Asked.TOOL_CHOICE, "tool_choice")
            .with(Asked.PARALLEL_TOOLS, "tool_choice.disable_parallel_tool_use")
            .with(Asked.TOOLS, "tools")
            .with(Asked.STRICT_TOOLS, "tools[].strict")
            .with(Asked.USER, "metadata.user_id")
            .with(Asked.SERVICE_TIER, "service_tier")
            .with(Asked.CACHE, "cache_control")
            .with(Asked.IS_ERROR, "is_error")
            .with(Asked.TITLE, "title")
            .with(Asked.ARGUMENTS, "input");

    private RequestWords() {}
}
