package dev.tollgate.dialect.openaicompletions;

import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Words;

/** What requests of this dialect call what others ask for too. */
final class RequestWords {
    static final Words WORDS = Words.PLAIN
            .with(Asked.MAX_TOKENS, "max_tokens")
            .with(Asked.TEMPERATURE, "temperature")
            .with(Asked.TOP_P, "top_p")
            .with(Asked.TOP_K, "top_k")
            .with(Asked.FREQUENCY_PENALTY, "frequency_penalty")
            .with(Asked.PRESENCE_PENALTY, "presence_penalty")
            .with(Asked.SEED, "seed")
            .with(Asked.CHOICES, "n")
            .with(Asked.LOGPROBS, "logprobs")
            .with(Asked.TOP_LOGPROBS, "logprobs")
            .with(Asked.STOP, "stop")
            .with(Asked.USER, "user");

    private RequestWords() {}
}
