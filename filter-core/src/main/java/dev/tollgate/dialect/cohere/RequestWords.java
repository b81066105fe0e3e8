package dev.tollgate.dialect.cohere;

import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Words;

/** What requests of this dialect call what others ask for too. */
final class RequestWords {
    static final Words WORDS = Words.PLAIN
            .with(Asked.MAX_TOKENS, "max_tokens")
            .with(Asked.TEMPERATURE, "temperature")
            .with(Asked.TOP_P, "p")
            .with(Asked.TOP_K, "k")
            .with(Asked.FREQUENCY_PENALTY, "frequency_penalty")
            .with(Asked.PRESENCE_PENALTY, "presence_penalty")
            .with(Asked.SEED, "seed")
            .with(Asked.LOGPROBS, "logprobs")
            .with(Asked.TOP_LOGPROBS, "logprobs")
            .with(Asked.STOP, "stop_sequences")
            .with(Asked.OUTPUT, "response_format")
            .with(Asked.THINKING, "thinking")
            .with(Asked.EFFORT, "thinking")
            .with(Asked.BUDGET, "thinking.token_budget", "thinking")
            .with(Asked.TOOL_CHOICE, "tool_choice")
            .with(Asked.TOOLS, "tools")
            .with(Asked.STRICT_TOOLS, "strict_tools")
            .with(Asked.ARGUMENTS, "function.arguments");

    private RequestWords() {}
}
