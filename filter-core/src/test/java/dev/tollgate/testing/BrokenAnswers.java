package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.dialect.ExceptionFrames;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.stream.Framings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** A provider's answers as they should not be: what each wire says when all goes well, and what can go wrong with it. */
public final class BrokenAnswers {
    private BrokenAnswers() {}

    /**
     * A wire format in a framing.
     *
     * @param use the target of a model that is asked so
     * @param dialect the id of the format
     * @param begin the frames of a stream up to its first content
     * @param finish the frames that finish it, without the mark of the end
     * @param end the mark of the end; empty where there is none
     * @param error the frame of an error
     * @param whole a whole answer
     * @param wholeError an error where a whole answer should be
     */
    public record Wire(
            String use,
            String dialect,
            Framings framing,
            List<Frame> begin,
            List<Frame> finish,
            List<Frame> end,
            Frame error,
            String whole,
            String wholeError) {}

    /** What is wrong with an answer, and how it is sent. */
    public record Fault(String name, FakeUpstream.Script script) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}";

    private static final List<Frame> CLAUDE_BEGIN = List.of(
            new Frame(
                    "message_start",
                    "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\","
                            + "\"model\":\"c\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                            + "\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}"),
            new Frame(
                    "content_block_start",
                    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"),
            new Frame(
                    "content_block_delta",
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hel\"}}"));
    private static final List<Frame> CLAUDE_FINISH = List.of(
            new Frame("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}"),
            new Frame(
                    "message_delta",
                    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                            + "\"usage\":{\"output_tokens\":2}}"));
    private static final List<Frame> CLAUDE_END = List.of(new Frame("message_stop", "{\"type\":\"message_stop\"}"));
    private static final String CLAUDE_ERROR =
            "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"it broke\"}}";
    private static final String CLAUDE_WHOLE =
            "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c\",\"content\":[{\"type\":\"text\","
                    + "\"text\":\"Hello\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}";
    private static final String CANDIDATE =
            "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hel\"}]}%s,\"index\":0}],"
                    + "\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":2,\"totalTokenCount\":5},"
                    + "\"modelVersion\":\"g\",\"responseId\":\"r\"}";

    /** Every wire format in every framing it comes in. */
    public static List<Wire> wires() {
        return List.of(openAi(), claude(), claudeAtBedrock(), gemini(), converse());
    }

    private static Wire openAi() {
        String error = "{\"error\":{\"message\":\"it broke\",\"type\":\"server_error\",\"param\":null,\"code\":null}}";
        return new Wire(
                "open/m",
                "openai-chat",
                Framings.SSE,
                List.of(new Frame(null, CHUNK.formatted("{\"role\":\"assistant\",\"content\":\"Hel\"}", "null"))),
                List.of(new Frame(null, CHUNK.formatted("{}", "\"stop\""))),
                List.of(new Frame(null, "[DONE]")),
                new Frame(null, error),
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}",
                error);
    }

    private static Wire claude() {
        return new Wire(
                "claude/c",
                "anthropic",
                Framings.SSE,
                CLAUDE_BEGIN,
                CLAUDE_FINISH,
                CLAUDE_END,
                new Frame("error", CLAUDE_ERROR),
                CLAUDE_WHOLE,
                CLAUDE_ERROR);
    }

    private static Wire claudeAtBedrock() {
        return new Wire(
                "aws/anthropic.claude-c",
                "anthropic",
                Framings.EVENT_STREAM,
                nameless(CLAUDE_BEGIN),
                nameless(CLAUDE_FINISH),
                nameless(CLAUDE_END),
                ExceptionFrames.of("internalServerException", "{\"message\":\"it broke\"}"),
                CLAUDE_WHOLE,
                "{\"message\":\"it broke\"}");
    }

    private static List<Frame> nameless(List<Frame> frames) {
        return frames.stream().map(frame -> new Frame(null, frame.data())).toList();
    }

    private static Wire gemini() {
        String error = "{\"error\":{\"code\":500,\"message\":\"it broke\",\"status\":\"INTERNAL\"}}";
        return new Wire(
                "google/g",
                "gemini",
                Framings.SSE,
                List.of(new Frame(null, CANDIDATE.formatted(""))),
                List.of(new Frame(null, CANDIDATE.formatted(",\"finishReason\":\"STOP\""))),
                List.of(),
                new Frame(null, error),
                CANDIDATE.formatted(",\"finishReason\":\"STOP\""),
                error);
    }

    private static Wire converse() {
        return new Wire(
                "aws/amazon.nova-n",
                "bedrock",
                Framings.EVENT_STREAM,
                List.of(
                        new Frame("messageStart", "{\"role\":\"assistant\"}"),
                        new Frame("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Hel\"}}")),
                List.of(
                        new Frame("contentBlockStop", "{\"contentBlockIndex\":0}"),
                        new Frame("messageStop", "{\"stopReason\":\"end_turn\"}")),
                List.of(
                        new Frame(
                                "metadata",
                                "{\"usage\":{\"inputTokens\":3,\"outputTokens\":2,\"totalTokens\":5},\"metrics\":{\"latencyMs\":9}}")),
                ExceptionFrames.of("internalServerException", "{\"message\":\"it broke\"}"),
                "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"Hello\"}]}},"
                        + "\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":3,\"outputTokens\":2,\"totalTokens\":5},"
                        + "\"metrics\":{\"latencyMs\":9}}",
                "{\"message\":\"it broke\"}");
    }

    /** A stream as it should be. */
    public static FakeUpstream.Script good(Wire wire) {
        return peer -> stream(peer, wire, bytes(wire, wire.begin(), wire.finish(), wire.end()))
                .endChunks();
    }

    /** What can be wrong with a stream so that the answer is not whole. */
    public static List<Fault> streams(Wire wire) {
        byte[] begun = bytes(wire, wire.begin());
        byte[] first = bytes(wire, wire.begin().subList(0, 1));
        Map<String, byte[]> streams = new LinkedHashMap<>();
        streams.put("nothing in the stream", new byte[0]);
        streams.put("an error before content", bytes(wire, List.of(wire.error())));
        streams.put("an error after content", bytes(wire, wire.begin(), List.of(wire.error())));
        streams.put(
                "an error, then success", bytes(wire, wire.begin(), List.of(wire.error()), wire.finish(), wire.end()));
        streams.put("the end in the middle", begun);
        streams.put("the end inside the first event", Arrays.copyOf(first, first.length * 2 / 3));
        streams.put("the end inside an event", joined(begun, Arrays.copyOf(first, first.length * 2 / 3)));
        if (wire.framing() == Framings.EVENT_STREAM) {
            streams.putAll(wrongMessages(begun, first));
        } else {
            streams.put("an event that is cut JSON", joined(begun, "data: {\"id\":\"c\",\"cho\n\n".getBytes(UTF_8)));
            streams.put("HTML in the stream", "<html><body>Bad Gateway</body></html>".getBytes(UTF_8));
        }
        List<Fault> faults = new ArrayList<>();
        streams.forEach((name, bytes) ->
                faults.add(new Fault(name, peer -> stream(peer, wire, bytes).endChunks())));
        faults.add(new Fault(
                "a connection that breaks in the middle",
                peer -> stream(peer, wire, begun).reset()));
        faults.add(new Fault(
                "a connection that ends in the middle",
                peer -> stream(peer, wire, begun).close()));
        faults.add(new Fault("HTML", peer -> peer.answer(200, "text/html", "<html>no</html>")));
        faults.add(new Fault("a whole answer", peer -> peer.json(200, wire.whole())));
        faults.add(new Fault("a whole error", peer -> peer.json(200, wire.wholeError())));
        return faults;
    }

    private static Map<String, byte[]> wrongMessages(byte[] begun, byte[] first) {
        Map<String, byte[]> wrong = new LinkedHashMap<>();
        byte[] wrongPrelude = first.clone();
        wrongPrelude[9] ^= 1;
        byte[] wrongMessage = first.clone();
        wrongMessage[first.length - 1] ^= 1;
        ByteBuffer tooLong = ByteBuffer.allocate(12).putInt(0x7fffffff).putInt(16);
        CRC32 checksum = new CRC32();
        checksum.update(tooLong.array(), 0, 8);
        tooLong.putInt((int) checksum.getValue());
        wrong.put("a wrong checksum of the first prelude", wrongPrelude);
        wrong.put("a wrong checksum of the first message", wrongMessage);
        wrong.put("a first message of 2 GiB", tooLong.array());
        wrong.put("a wrong checksum of a prelude", joined(begun, wrongPrelude));
        wrong.put("a wrong checksum of a message", joined(begun, wrongMessage));
        wrong.put("a message of 2 GiB", joined(begun, tooLong.array()));
        return wrong;
    }

    /** A stream with all but the mark of its end. */
    public static FakeUpstream.Script cutAfterFinish(Wire wire) {
        return peer ->
                stream(peer, wire, bytes(wire, wire.begin(), wire.finish())).endChunks();
    }

    /** What can be wrong with a whole answer. */
    public static List<Fault> wholes(Wire wire) {
        String whole = wire.whole();
        return List.of(
                new Fault("JSON that is cut", peer -> peer.json(200, whole.substring(0, whole.length() * 2 / 3))),
                new Fault("nothing", peer -> peer.json(200, "")),
                new Fault("HTML", peer -> peer.answer(200, "text/html", "<html>no</html>")),
                new Fault("HTML that says it is JSON", peer -> peer.json(200, "<html>no</html>")),
                new Fault("a list", peer -> peer.json(200, "[" + whole + "]")),
                new Fault("another object", peer -> peer.json(200, "{\"weather\":\"nice\"}")),
                new Fault("an error", peer -> peer.json(200, wire.wholeError())),
                new Fault("a stream", good(wire)),
                new Fault(
                        "a body cut by the connection",
                        peer -> peer.head(
                                        200,
                                        "Content-Type: application/json",
                                        "Content-Length: " + (whole.length() + 9))
                                .raw(whole)
                                .close()));
    }

    @SafeVarargs
    private static byte[] bytes(Wire wire, List<Frame>... frames) {
        FrameWriter writer = wire.framing().writer();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (List<Frame> some : frames) {
            for (Frame frame : some) {
                ByteBuffer encoded = writer.encode(frame);
                byte[] copy = new byte[encoded.remaining()];
                encoded.get(copy);
                out.writeBytes(copy);
            }
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[] one, byte[] two) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(one);
        out.writeBytes(two);
        return out.toByteArray();
    }

    private static Peer stream(Peer peer, Wire wire, byte[] bytes) throws IOException {
        peer.head(200, "Content-Type: " + wire.framing().mediaType(), "Transfer-Encoding: chunked");
        return bytes.length == 0 ? peer : peer.chunk(bytes);
    }
}
