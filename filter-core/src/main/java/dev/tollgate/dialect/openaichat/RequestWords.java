package dev.tollgate.dialect.openaichat;

import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Words;

/** What requests of this dialect call what others ask for too. */
final class RequestWords {
    static final Words WORDS = Words.PLAIN
            .with(Asked.MAX_TOKENS, "max_completion_tokens", "max_tokens")
            .with(Asked.TEMPERATURE, "temperature")
            .with(Asked.TOP_P, "top_p")
            .with(Asked.TOP_K, "top_k")
            .with(Asked.FREQUENCY_PENALTY, "frequency_penalty")
            .with(Asked.PRESENCE_PENALTY, "presence_penalty")
            .with(Asked.SEED, "seed")
            .with(Asked.CHOICES, "n")
            .with(Asked.LOGPROBS, "logprobs")
            .with(Asked.TOP_LOGPROBS, "top_logprobs", "logprobs")
            .with(Asked.STOP, "stop")
            .with(Asked.OUTPUT, "response_format")
            .with(Asked.OUTPUT_DESCRIPTION, "response_format.json_schema.description")
            .with(
                    Asked.THINKING,
                    "reasoning_effort",
                    "reasoning",
                    "thinking",
                    "enable_thinking",
                    "chat_template_kwargs.enable_thinking")
            .with(
                    Asked.EFFORT,
                    "reasoning_effort",
                    "reasoning.effort",
                    "reasoning",
                    "thinking",
                    "enable_thinking",
                    "chat_template_kwargs.enable_thinking")
            .with(Asked.BUDGET, "reasoning.max_tokens", "thinking.budget_tokens", "reasoning_effort")
            .with(Asked.TOOL_CHOICE, "tool_choice")
            .with(Asked.PARALLEL_TOOLS, "parallel_tool_calls")
            .with(Asked.TOOLS, "tools")
            .with(Asked.STRICT_TOOLS, "tools[].function.strict")
            .with(Asked.USER, "user")
            .with(Asked.SERVICE_TIER, "service_tier")
            .with(Asked.CACHE_KEY, "prompt_cache_key")
            .with(Asked.VERBOSITY, "verbosity")
            .with(Asked.METADATA, "metadata")
            .with(Asked.CACHE, "cache_control")
            .with(Asked.TITLE, "file.filename")
            .with(Asked.ARGUMENTS, "function.arguments");

    private RequestWords() {}
}
