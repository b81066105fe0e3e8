package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Streams read and written whole, and the order that SDKs rely on in them. */
final class Streams {
    private Streams() {}

    static List<StreamEvent> read(Dialect dialect, List<Frame> frames) throws BadAnswer {
        Dialect.EventReader reader = dialect.eventReader();
        List<StreamEvent> events = new ArrayList<>();
        for (Frame frame : frames) {
            events.addAll(reader.read(frame));
        }
        events.addAll(reader.end());
        return events;
    }

    static List<Frame> write(Dialect.EventWriter writer, List<StreamEvent> events) throws BadAnswer {
        List<Frame> frames = new ArrayList<>();
        for (StreamEvent event : events) {
            frames.addAll(writer.write(event));
        }
        return frames;
    }

    /** A streamed request that asks for usage. */
    static ChatRequest request(Dialect dialect) {
        return dialect.readRequest((ObjectNode) Json.read("""
                {"model": "m", "max_tokens": 9, "messages": [], "input": [], "contents": [], "stream": true,
                 "stream_options": {"include_usage": true}}
                """));
    }

    static void assertWellFormed(Dialect dialect, List<Frame> frames) {
        switch (dialect.id()) {
            case "anthropic" -> assertWellFormedEvents(frames);
            case "openai-responses" -> WellFormedResponse.check(frames);
            case "gemini" -> assertWellFormedAnswers(frames);
            case "openai-chat" -> assertWellFormedChunks(frames);
            default -> assertThat(frames).isNotEmpty();
        }
    }

    private static void assertWellFormedEvents(List<Frame> frames) {
        List<String> types = new ArrayList<>();
        int open = -1;
        int blocks = 0;
        for (Frame frame : frames) {
            JsonNode event = Json.read(frame.data());
            String type = event.path("type").stringValue();
            assertThat(frame.event()).isEqualTo(type);
            types.add(type);
            int index = event.path("index").asInt(-1);
            switch (type) {
                case "content_block_start" -> {
                    assertThat(open).as("the block before is closed").isEqualTo(-1);
                    assertThat(index).isEqualTo(blocks++);
                    open = index;
                }
                case "content_block_delta" -> assertThat(index).isEqualTo(open).isNotNegative();
                case "content_block_stop" -> {
                    assertThat(index).isEqualTo(open).isNotNegative();
                    open = -1;
                }
                default -> assertThat(open).isEqualTo(-1);
            }
        }
        assertThat(types).startsWith("message_start").endsWith("message_delta", "message_stop");
        assertThat(types).containsOnlyOnce("message_start", "message_delta", "message_stop");
        assertThat(Json.read(frames.get(0).data())
                        .at("/message/usage/input_tokens")
                        .isNumber())
                .isTrue();
    }

    /** Gemini's chunks: finish reason and usage in the last and nowhere else. */
    private static void assertWellFormedAnswers(List<Frame> frames) {
        List<JsonNode> chunks = new ArrayList<>();
        frames.forEach(frame -> chunks.add(Json.read(frame.data())));
        assertThat(frames).allMatch(frame -> frame.event() == null);
        assertThat(chunks)
                .allMatch(chunk -> chunk.path("responseId").equals(chunks.get(0).path("responseId")));
        List<JsonNode> before = chunks.subList(0, chunks.size() - 1);
        assertThat(before).noneMatch(chunk -> chunk.has("usageMetadata"));
        assertThat(before)
                .noneMatch(chunk -> chunk.at("/candidates/0").has("finishReason")
                        && chunk.at("/candidates/0/index").asInt(0) == 0);
        JsonNode last = chunks.get(chunks.size() - 1);
        assertThat(last.at("/candidates/0/finishReason").isString() || last.has("promptFeedback"))
                .isTrue();
    }

    private static void assertWellFormedChunks(List<Frame> frames) {
        List<JsonNode> chunks = new ArrayList<>();
        frames.subList(0, frames.size() - 1).forEach(frame -> chunks.add(Json.read(frame.data())));
        assertThat(frames).last().isEqualTo(new Frame(null, "[DONE]"));
        assertThat(chunks)
                .allMatch(chunk -> chunk.path("id").equals(chunks.get(0).path("id")));
        assertThat(chunks).allMatch(chunk -> chunk.path("object").asString("").equals("chat.completion.chunk"));
        assertThat(chunks.get(0).at("/choices/0/delta/role").asString("")).isEqualTo("assistant");
        long roles = chunks.stream()
                .filter(chunk -> chunk.at("/choices/0/index").asInt(0) == 0)
                .filter(chunk -> chunk.at("/choices/0/delta").has("role"))
                .count();
        assertThat(roles).isEqualTo(1);
        JsonNode last = chunks.get(chunks.size() - 1);
        List<JsonNode> finishes = chunks.stream()
                .filter(chunk -> chunk.at("/choices/0/index").asInt(0) == 0)
                .map(chunk -> chunk.at("/choices/0/finish_reason"))
                .filter(JsonNode::isString)
                .toList();
        assertThat(finishes).hasSize(1);
        if (last.has("usage")) {
            assertThat(last.path("choices").isEmpty()).isTrue();
        }
        for (JsonNode chunk : chunks) {
            for (JsonNode call : chunk.at("/choices/0/delta/tool_calls")) {
                assertThat(call.path("index").isNumber()).isTrue();
                assertThat(call.path("function").has("arguments")).isTrue();
            }
        }
    }
}
