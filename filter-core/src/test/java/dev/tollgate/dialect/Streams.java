package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

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
        Sampling sampling = new Sampling(9L, null, null, null, null, null, null, null, null, List.of());
        Message hello = new Message(Message.Role.USER, List.of(Part.Text.of("hi")), Extras.NONE);
        ChatRequest request = new ChatRequest(
                "m", List.of(hello), List.of(), null, null, sampling, null, null, Hints.NONE, true, true, Extras.NONE);
        return dialect.readRequest(dialect.writeRequest(request, new WriteTerms(Quirks.NONE, "any", 4096)));
    }

    /** The model that the start of a stream names. */
    static String model(List<StreamEvent> events) {
        return events.stream()
                .filter(event -> event instanceof StreamEvent.Start)
                .map(event -> ((StreamEvent.Start) event).model())
                .findFirst()
                .orElse("");
    }

    static void assertWellFormed(Dialect dialect, List<Frame> frames) {
        switch (dialect.id()) {
            case "anthropic" -> assertWellFormedEvents(frames);
            case "openai-responses" -> WellFormedResponse.check(frames);
            case "gemini" -> assertWellFormedAnswers(frames);
            case "openai-chat" -> assertWellFormedChunks(frames);
            case "bedrock" -> assertWellFormedConverse(frames);
            case "cohere" -> assertWellFormedChat(frames);
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
                        && chunk.at("/candidates/0/index").asInt(0) == 0
                        && chunks.stream()
                                .allMatch(each -> each.at("/candidates/0/index").asInt(0) == 0));
        JsonNode last = chunks.get(chunks.size() - 1);
        assertThat(last.at("/candidates/0/finishReason").isString() || last.has("promptFeedback"))
                .isTrue();
    }

    private static void assertWellFormedConverse(List<Frame> frames) {
        List<String> types = new ArrayList<>();
        int blocks = 0;
        for (Frame frame : frames) {
            String type = String.valueOf(frame.event());
            types.add(type);
            JsonNode index = Json.read(frame.data()).path("contentBlockIndex");
            if (type.startsWith("contentBlock")) {
                assertThat(index.isNumber()).isTrue();
                assertThat(index.intValue())
                        .as("blocks come one after the other")
                        .isEqualTo(blocks);
            }
            blocks += type.equals("contentBlockStop") ? 1 : 0;
        }
        assertThat(types).startsWith("messageStart").endsWith("messageStop", "metadata");
        assertThat(types).containsOnlyOnce("messageStart", "messageStop", "metadata");
        JsonNode end = Json.read(frames.get(frames.size() - 1).data());
        assertThat(end.at("/usage/totalTokens").isNumber()).isTrue();
        assertThat(end.at("/metrics/latencyMs").isNumber()).isTrue();
    }

    private static void assertWellFormedChat(List<Frame> frames) {
        assertThat(frames).last().isEqualTo(new Frame(null, "[DONE]"));
        List<String> types = new ArrayList<>();
        String open = "";
        for (Frame frame : frames.subList(0, frames.size() - 1)) {
            JsonNode event = Json.read(frame.data());
            String type = event.path("type").stringValue();
            assertThat(frame.event()).isEqualTo(type);
            types.add(type);
            String place = type.substring(0, type.lastIndexOf('-'))
                    + event.path("index").asInt(-1);
            if (type.equals("content-start") || type.equals("tool-call-start")) {
                assertThat(open).as("the part before is closed").isEmpty();
                open = place;
            } else if (type.startsWith("content") || type.startsWith("tool-call")) {
                assertThat(place).isEqualTo(open);
                open = type.endsWith("-end") ? "" : open;
            }
        }
        assertThat(types).startsWith("message-start").endsWith("message-end");
        assertThat(types).containsOnlyOnce("message-start", "message-end");
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
