package dev.tollgate.dialect.bedrock;

import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Words;

/** What requests of this dialect call what others ask for too. */
final class RequestWords {
    static final Words WORDS = Words.PLAIN
            .with(Asked.MAX_TOKENS, "inferenceConfig.maxTokens")
            .with(Asked.TEMPERATURE, "inferenceConfig.temperature")
            .with(Asked.TOP_P, "inferenceConfig.topP")
            .with(
                    Asked.TOP_K,
                    "additionalModelRequestFields.top_k",
                    "additionalModelRequestFields.inferenceConfig.topK")
            .with(Asked.STOP, "inferenceConfig.stopSequences")
            .with(Asked.OUTPUT, "outputConfig.textFormat")
            .with(Asked.OUTPUT_DESCRIPTION, "outputConfig.textFormat.structure.jsonSchema.description")
            .with(
                    Asked.THINKING,
                    "additionalModelRequestFields.thinking",
                    "additionalModelRequestFields.reasoning_config",
                    "additionalModelRequestFields.reasoningConfig",
                    "additionalModelRequestFields.output_config.effort",
                    "additionalModelRequestFields.reasoning_effort",
                    "outputConfig.effort")
            .with(
                    Asked.EFFORT,
                    "outputConfig.effort",
                    "additionalModelRequestFields.output_config.effort",
                    "additionalModelRequestFields.reasoningConfig",
                    "additionalModelRequestFields.reasoning_effort",
                    "additionalModelRequestFields.thinking",
                    "additionalModelRequestFields.reasoning_config")
            .with(
                    Asked.BUDGET,
                    "additionalModelRequestFields.thinking.budget_tokens",
                    "additionalModelRequestFields.reasoning_config.budget_tokens",
                    "additionalModelRequestFields.thinking")
            .with(Asked.TOOL_CHOICE, "toolConfig.toolChoice")
            .with(Asked.TOOLS, "toolConfig.tools")
            .with(Asked.STRICT_TOOLS, "toolConfig.tools[].toolSpec.strict")
            .with(Asked.SERVICE_TIER, "serviceTier")
            .with(Asked.METADATA, "requestMetadata")
            .with(Asked.CACHE, "cachePoint")
            .with(Asked.IS_ERROR, "toolResult.status")
            .with(Asked.TITLE, "document.name")
            .with(Asked.ARGUMENTS, "toolUse.input");

    private RequestWords() {}
}
