package dev.tollgate.sdk;

import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler.Visitor;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlockStart;
import tools.jackson.databind.JsonNode;

/** Puts an answer together from the events of Bedrock's ConverseStream, as an application would. */
final class StreamedAnswer {
    private final Map<Integer, Block> blocks = new TreeMap<>();
    private final List<String> order = new ArrayList<>();
    private StopReason stopReason;
    private TokenUsage usage;

    /** What is known of a content block. */
    private static final class Block {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder thought = new StringBuilder();
        private final StringBuilder input = new StringBuilder();
        private String signature;
        private ToolUseBlockStart call;

        void add(ContentBlockDelta delta) {
            switch (delta.type()) {
                case TEXT -> text.append(delta.text());
                case TOOL_USE -> input.append(delta.toolUse().input());
                case REASONING_CONTENT -> {
                    if (delta.reasoningContent().signature() != null) {
                        signature = delta.reasoningContent().signature();
                    } else {
                        thought.append(delta.reasoningContent().text());
                    }
                }
                default -> throw new IllegalStateException("unexpected " + delta);
            }
        }

        ContentBlock whole() {
            if (call != null) {
                Document arguments = document(Json.read(input.toString()));
                return ContentBlock.fromToolUse(
                        use -> use.toolUseId(call.toolUseId()).name(call.name()).input(arguments));
            }
            if (signature != null || !thought.isEmpty()) {
                return ContentBlock.fromReasoningContent(reasoning -> reasoning.reasoningText(
                        said -> said.text(thought.toString()).signature(signature)));
            }
            return ContentBlock.fromText(text.toString());
        }
    }

    void listen(Visitor.Builder events) {
        events.onMessageStart(event -> order.add("start"))
                .onContentBlockStart(event ->
                        block(event.contentBlockIndex()).call = event.start().toolUse())
                .onContentBlockDelta(event -> block(event.contentBlockIndex()).add(event.delta()))
                .onContentBlockStop(event -> order.add("block"))
                .onMessageStop(event -> {
                    order.add("stop");
                    stopReason = event.stopReason();
                })
                .onMetadata(event -> {
                    order.add("metadata");
                    usage = event.usage();
                });
    }

    private Block block(int index) {
        return blocks.computeIfAbsent(index, number -> new Block());
    }

    /** The answer, once the stream has ended as it should. */
    Answer whole() {
        List<String> expected = new ArrayList<>(List.of("start"));
        blocks.forEach((index, block) -> expected.add("block"));
        expected.addAll(List.of("stop", "metadata"));
        if (!order.equals(expected)) {
            throw new IllegalStateException("the events came as " + order);
        }
        return new Answer(blocks.values().stream().map(Block::whole).toList(), stopReason, usage);
    }

    private static Document document(JsonNode node) {
        if (node.isObject()) {
            Document.MapBuilder map = Document.mapBuilder();
            node.properties().forEach(member -> map.putDocument(member.getKey(), document(member.getValue())));
            return map.build();
        }
        return node.isNumber() ? Document.fromNumber(node.asString()) : Document.fromString(node.asString());
    }
}
