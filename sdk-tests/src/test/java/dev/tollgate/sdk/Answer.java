package dev.tollgate.sdk;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;

/** An answer of Bedrock's Converse, whether it came whole or streamed. */
record Answer(List<ContentBlock> content, StopReason stopReason, TokenUsage usage) {

    String text() {
        return content.stream().map(ContentBlock::text).filter(Objects::nonNull).collect(Collectors.joining());
    }

    List<ToolUseBlock> calls() {
        return content.stream()
                .map(ContentBlock::toolUse)
                .filter(Objects::nonNull)
                .toList();
    }
}
