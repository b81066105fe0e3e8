package dev.tollgate.dialect.ollama;

import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Words;

/** What requests of this dialect call what others ask for too. */
final class RequestWords {
    static final Words WORDS = Words.PLAIN
            .with(Asked.MAX_TOKENS, "options.num_predict")
            .with(Asked.TEMPERATURE, "options.temperature")
            .with(Asked.TOP_P, "options.top_p")
            .with(Asked.TOP_K, "options.top_k")
            .with(Asked.FREQUENCY_PENALTY, "options.frequency_penalty")
            .with(Asked.PRESENCE_PENALTY, "options.presence_penalty")
            .with(Asked.SEED, "options.seed")
            .with(Asked.STOP, "options.stop")
            .with(Asked.OUTPUT, "format")
            .with(Asked.THINKING, "think")
            .with(Asked.EFFORT, "think")
            .with(Asked.TOOLS, "tools")
            .with(Asked.ARGUMENTS, "function.arguments");

    private RequestWords() {}
}
