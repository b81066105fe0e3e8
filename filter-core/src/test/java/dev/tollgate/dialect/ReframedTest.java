package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.ErrorCode;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Operation;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.Recordings.Recording;
import dev.tollgate.testing.Streams;
import dev.tollgate.testing.Targets;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.StringNode;

/** One dialect on both sides, put on the wire in two ways: Claude at Bedrock for a caller of Anthropic's API. */
class ReframedTest {
    private static final List<String> EVENTS = List.of(
            "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c\","
                    + "\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}",
            "{\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"},\"type\":\"content_block_start\"}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}",
            "{\"type\":\"content_block_stop\",\"index\":0}",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}",
            "{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":3}}");

    private final Dialects dialects = new Dialects(InstantSource.system());

    @Test
    void theEventsOfAnEventStreamGetTheNamesThatSdksReadInServerSentEvents() throws BadAnswer {
        List<Frame> frames =
                EVENTS.stream().map(event -> new Frame(null, event)).toList();

        Streams streams =
                through("anthropic", Framings.EVENT_STREAM, Framings.SSE, written(Framings.EVENT_STREAM, frames));

        String sent = new String(streams.sent(), UTF_8);
        assertThat(sent)
                .startsWith("event: message_start\ndata: " + EVENTS.get(0) + "\n\nevent: content_block_start\n");
        assertThat(sent).endsWith("event: message_stop\ndata: " + EVENTS.get(5) + "\n\n");
        assertThat(streams.streamed().isVerbatim()).isFalse();
        assertThat(streams.streamed().complete()).isTrue();
        assertThat(streams.streamed().facts().usage().output()).isEqualTo(2);
    }

    @Test
    void anExceptionInTheStreamIsToldInTheCallersWords() throws BadAnswer {
        List<Frame> frames = new ArrayList<>();
        EVENTS.subList(0, 3).forEach(event -> frames.add(new Frame(null, event)));
        frames.add(ExceptionFrames.of("throttlingException", "{\"message\":\"slow down\"}"));

        Streams streams =
                through("anthropic", Framings.EVENT_STREAM, Framings.SSE, written(Framings.EVENT_STREAM, frames));

        assertThat(new String(streams.sent(), UTF_8))
                .doesNotContain("exception")
                .doesNotContain("slow down");
        assertThat(streams.streamed().failed().code()).isEqualTo(ErrorCode.PROVIDER_RATE_LIMITED);
        assertThat(streams.streamed().complete()).isFalse();
        assertThat(UTF_8.decode(streams.streamed().failure(streams.streamed().failed()))
                        .toString())
                .startsWith("event: error\n")
                .contains("slow down");
    }

    @Test
    void anEventStreamForACallerOfOneIsPassedOnByteForByte() throws BadAnswer {
        byte[] bytes = written(
                Framings.EVENT_STREAM,
                EVENTS.stream().map(event -> new Frame(null, event)).toList());

        Streams streams = through("anthropic", Framings.EVENT_STREAM, Framings.EVENT_STREAM, bytes);

        assertThat(streams.sent()).isEqualTo(bytes);
        assertThat(streams.streamed().isVerbatim()).isTrue();
    }

    @Test
    void anArrayForACallerOfOneIsPassedOnByteForByte() throws BadAnswer {
        byte[] bytes = ("[" + String.join("\n,\r\n", EVENTS) + "\n]\n").getBytes(UTF_8);

        assertThat(through("anthropic", Framings.JSON_ARRAY, Framings.JSON_ARRAY, bytes)
                        .sent())
                .isEqualTo(bytes);
    }

    @Test
    void serverSentEventsForACallerOfAnArrayBecomeOne() throws BadAnswer {
        List<Frame> frames = EVENTS.stream().map(event -> new Frame("x", event)).toList();
        frames = new ArrayList<>(frames);
        frames.set(0, new Frame(null, EVENTS.get(0)));

        byte[] sent = through("anthropic", Framings.SSE, Framings.JSON_ARRAY, written(Framings.SSE, frames))
                .sent();

        assertThat(Json.read(sent)).isEqualTo(Json.read("[" + String.join(",", EVENTS) + "]"));
    }

    @Test
    void whatIsNoJsonSpoilsAnArrayButNoServerSentEvents() throws BadAnswer {
        byte[] broken = written(Framings.EVENT_STREAM, List.of(new Frame(null, "{\"type\":\"mess")));

        assertThat(through("anthropic", Framings.EVENT_STREAM, Framings.SSE, broken)
                        .sent())
                .asString(UTF_8)
                .isEqualTo("data: {\"type\":\"mess\n\n");
        assertThatThrownBy(() -> through("anthropic", Framings.EVENT_STREAM, Framings.JSON_ARRAY, broken))
                .isInstanceOf(BadAnswer.class);
    }

    @Test
    void aFailureAmongTheElementsOfAnArrayLeavesItValid() throws BadAnswer {
        byte[] begun = ("[" + EVENTS.get(0) + ",\n" + EVENTS.get(2) + "\n, {\"type\": \"mess").getBytes(UTF_8);

        Streams streams = new Streams(
                translation("anthropic", Way.chat("anthropic", "/"), Framings.JSON_ARRAY, "{\"model\":\"m\"}").stream(
                        Framings.JSON_ARRAY),
                Framings.JSON_ARRAY);
        streams.feed(ByteBuffer.wrap(begun));
        String sent = new String(streams.sent(), UTF_8)
                + UTF_8.decode(streams.streamed().heartbeat())
                + UTF_8.decode(streams.streamed()
                        .failure(new dev.tollgate.Refusal(ErrorCode.PROVIDER_STREAM_INTERRUPTED, "it stopped")))
                + UTF_8.decode(streams.streamed().close());

        assertThat(Json.read(sent).size()).isGreaterThanOrEqualTo(3);
        assertThat(Json.text(Json.read(sent))).contains("it stopped");
    }

    @Test
    void aWayDropsAndSetsMembersWithoutAnyReport() {
        Way way = new Way(
                Operation.CHAT,
                "anthropic",
                "/model/{model}/invoke",
                "/model/{model}/invoke-with-response-stream",
                List.of(),
                Set.of("model", "stream"),
                Map.of("anthropic_version", StringNode.valueOf("bedrock-2023-05-31")));
        String body = "{\"model\":\"smart\",\"max_tokens\":9,\"stream\":true,\"messages\":[]}";

        Translation passed = translation("anthropic", way, Framings.SSE, body);
        Translation translated = translation("openai-chat", way, Framings.SSE, body);

        assertThat(passed.requestBody())
                .asString(UTF_8)
                .isEqualTo("{\"max_tokens\":9,\"messages\":[],\"anthropic_version\":\"bedrock-2023-05-31\"}");
        assertThat(passed.dropped()).isEmpty();
        assertThat(Json.read(translated.requestBody()).properties().stream().map(Map.Entry::getKey))
                .contains("anthropic_version", "max_tokens")
                .doesNotContain("model", "stream");
    }

    static Stream<Recording> recordings() {
        return Recordings.of("bedrock/invoke-stream").stream()
                .filter(recording -> recording.streamed() && recording.status() == 200)
                .filter(recording -> recording.request().has("anthropic_version"));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void whatClaudeSaidAtBedrockIsAStreamOfAnthropics(Recording recording) throws BadAnswer {
        Streams streams = through("anthropic", Framings.EVENT_STREAM, Framings.SSE, recording.answer());

        assertThat(streams.streamed().complete()).isTrue();
        assertThat(streams.streamed().facts().usage()).isNotNull();
        Streams again = through("anthropic", Framings.SSE, Framings.SSE, streams.sent());
        assertThat(again.streamed().facts()).isEqualTo(streams.streamed().facts());
    }

    private Streams through(String callers, Framing answers, Framing framing, byte[] stream) throws BadAnswer {
        Translation translation =
                translation(callers, Way.chat("anthropic", "/"), framing, "{\"model\":\"m\",\"stream\":true}");
        return Streams.through(translation.stream(answers), answers, stream, at -> 17);
    }

    private Translation translation(String callers, Way way, Framing framing, String body) {
        return Translations.of(
                new Passage(
                        dialects.byId(callers),
                        dialects.byId(way.dialect()),
                        way,
                        Targets.of("bedrock", "anthropic", "claude", Quirks.NONE),
                        4096,
                        true,
                        framing,
                        "call",
                        List.of()),
                JsonDocument.parse(body.getBytes(UTF_8)));
    }

    private static byte[] written(Framing framing, List<Frame> frames) {
        FrameWriter writer = framing.writer();
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (Frame frame : frames) {
            ByteBuffer bytes = writer.encode(frame);
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            out.writeBytes(copy);
        }
        return out.toByteArray();
    }
}
