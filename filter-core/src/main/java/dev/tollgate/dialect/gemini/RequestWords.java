package dev.tollgate.dialect.gemini;

import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Words;

/** What requests of this dialect call what others ask for too. */
final class RequestWords {
    static final Words WORDS = Words.PLAIN
            .with(Asked.MAX_TOKENS, "generationConfig.maxOutputTokens")
            .with(Asked.TEMPERATURE, "generationConfig.temperature")
            .with(Asked.TOP_P, "generationConfig.topP")
            .with(Asked.TOP_K, "generationConfig.topK")
            .with(Asked.FREQUENCY_PENALTY, "generationConfig.frequencyPenalty")
            .with(Asked.PRESENCE_PENALTY, "generationConfig.presencePenalty")
            .with(Asked.SEED, "generationConfig.seed")
            .with(Asked.CHOICES, "generationConfig.candidateCount")
            .with(Asked.LOGPROBS, "generationConfig.responseLogprobs")
            .with(Asked.TOP_LOGPROBS, "generationConfig.logprobs", "generationConfig.responseLogprobs")
            .with(Asked.STOP, "generationConfig.stopSequences")
            .with(
                    Asked.OUTPUT,
                    "generationConfig.responseJsonSchema",
                    "generationConfig.responseSchema",
                    "generationConfig.responseMimeType")
            .with(Asked.THINKING, "generationConfig.thinkingConfig")
            .with(Asked.EFFORT, "generationConfig.thinkingConfig.thinkingLevel", "generationConfig.thinkingConfig")
            .with(Asked.BUDGET, "generationConfig.thinkingConfig.thinkingBudget", "generationConfig.thinkingConfig")
            .with(Asked.TOOL_CHOICE, "toolConfig.functionCallingConfig")
            .with(Asked.TOOLS, "tools")
            .with(Asked.SERVICE_TIER, "serviceTier")
            .with(Asked.TITLE, "inlineData.displayName")
            .with(Asked.ARGUMENTS, "functionCall.args");

    private RequestWords() {}
}
