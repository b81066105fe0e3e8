package dev.tollgate.testing;

import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.dialect.Framing;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A short talk in each of the dialects: a question, its answer and what that used, as it is on the wire. */
public enum Talk {
    OPENAI("openai-chat", "/v1/chat/completions", "[DONE]") {
        @Override
        String question(String text, String max) {
            return "{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]"
                    + (max.isEmpty() ? "" : ",\"max_tokens\":" + max) + "}";
        }

        @Override
        public String whole(String text) {
            return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"finish_reason\":\"stop\"}],"
                    + USAGE + "}";
        }

        private static final String USAGE = "\"usage\":{\"prompt_tokens\":" + INPUT + ",\"completion_tokens\":" + OUTPUT
                + ",\"total_tokens\":" + (INPUT + OUTPUT) + "}";
        private static final String CHUNK = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                + "\"model\":\"m\",\"choices\":[%s]%s}";
        private static final String CHOICE = "{\"index\":0,\"delta\":{%s},\"finish_reason\":%s}";

        @Override
        List<Frame> beginning() {
            return List.of(data(CHUNK.formatted(CHOICE.formatted("\"role\":\"assistant\"", "null"), "")));
        }

        @Override
        List<Frame> content(String text) {
            return List.of(data(CHUNK.formatted(CHOICE.formatted("\"content\":\"" + text + "\"", "null"), "")));
        }

        @Override
        List<Frame> end() {
            return List.of(
                    data(CHUNK.formatted(CHOICE.formatted("", "\"stop\""), "")),
                    data(CHUNK.formatted("", "," + USAGE)),
                    data("[DONE]"));
        }

        @Override
        Frame failure() {
            return data("{\"error\":{\"message\":\"boom\",\"type\":\"server_error\"}}");
        }
    },

    RESPONSES("openai-responses", "/v1/responses", "response.completed") {
        private static final String HEAD = "\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,\"model\":\"m\"";

        @Override
        String question(String text, String max) {
            return "{\"model\":\"smart\",\"store\":false,\"input\":\"" + text + "\""
                    + (max.isEmpty() ? "" : ",\"max_output_tokens\":" + max) + "}";
        }

        @Override
        public String whole(String text) {
            return "{" + HEAD + ",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"id\":\"msg_1\","
                    + "\"role\":\"assistant\",\"status\":\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":\""
                    + text + "\",\"annotations\":[]}]}],\"usage\":{\"input_tokens\":" + INPUT
                    + ",\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":" + OUTPUT
                    + ",\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":" + (INPUT + OUTPUT) + "}}";
        }

        @Override
        List<Frame> beginning() {
            return List.of(named(
                    "response.created",
                    "\"sequence_number\":0,\"response\":{" + HEAD + ",\"status\":\"in_progress\",\"output\":[]}"));
        }

        @Override
        List<Frame> content(String text) {
            return List.of(named(
                    "response.output_text.delta",
                    "\"sequence_number\":1,\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\""
                            + text + "\""));
        }

        @Override
        List<Frame> end() {
            return List.of(named("response.completed", "\"sequence_number\":2,\"response\":" + whole("Hello")));
        }

        @Override
        Frame failure() {
            return named(
                    "response.failed",
                    "\"sequence_number\":2,\"response\":{" + HEAD + ",\"status\":\"failed\",\"output\":[],\"error\":"
                            + "{\"code\":\"server_error\",\"message\":\"boom\"}}");
        }
    },

    ANTHROPIC("anthropic", "/v1/messages", "message_stop") {
        @Override
        String question(String text, String max) {
            return "{\"model\":\"smart\",\"max_tokens\":" + (max.isEmpty() ? "64" : max)
                    + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        }

        @Override
        public String whole(String text) {
            return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":"
                    + "\"text\",\"text\":\"" + text
                    + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":"
                    + "{\"input_tokens\":" + INPUT + ",\"output_tokens\":" + OUTPUT + "}}";
        }

        @Override
        List<Frame> beginning() {
            return List.of(
                    named(
                            "message_start",
                            "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
                                    + "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":"
                                    + INPUT + ",\"output_tokens\":1}}"),
                    named("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
        }

        @Override
        List<Frame> content(String text) {
            return List.of(named(
                    "content_block_delta",
                    "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}"));
        }

        @Override
        List<Frame> end() {
            return List.of(
                    named("content_block_stop", "\"index\":0"),
                    named(
                            "message_delta",
                            "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":"
                                    + OUTPUT + "}"),
                    new Frame("message_stop", "{\"type\":\"message_stop\"}"));
        }

        @Override
        Frame failure() {
            return named("error", "\"error\":{\"type\":\"api_error\",\"message\":\"boom\"}");
        }
    },

    GEMINI("gemini", "/v1beta/models/smart:generateContent", "") {
        @Override
        String question(String text, String max) {
            return "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + text + "\"}]}]"
                    + (max.isEmpty() ? "" : ",\"generationConfig\":{\"maxOutputTokens\":" + max + "}") + "}";
        }

        @Override
        public String whole(String text) {
            return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text + "\"}],\"role\":\"model\"},"
                    + "\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":" + INPUT
                    + ",\"candidatesTokenCount\":" + OUTPUT + ",\"totalTokenCount\":" + (INPUT + OUTPUT)
                    + "},\"modelVersion\":\"m\"}";
        }

        @Override
        List<Frame> beginning() {
            return List.of();
        }

        @Override
        List<Frame> content(String text) {
            return List.of(data("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text
                    + "\"}],\"role\":\"model\"},\"index\":0}],\"modelVersion\":\"m\"}"));
        }

        @Override
        List<Frame> end() {
            return List.of(data(whole(" you")));
        }

        @Override
        Frame failure() {
            return data("{\"error\":{\"code\":500,\"message\":\"boom\",\"status\":\"INTERNAL\"}}");
        }
    },

    BEDROCK("bedrock", "/model/smart/converse", "metadata") {
        @Override
        String question(String text, String max) {
            return "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"" + text + "\"}]}]"
                    + (max.isEmpty() ? "" : ",\"inferenceConfig\":{\"maxTokens\":" + max + "}") + "}";
        }

        private static final String USAGE = "\"usage\":{\"inputTokens\":" + INPUT + ",\"outputTokens\":" + OUTPUT
                + ",\"totalTokens\":" + (INPUT + OUTPUT) + "},\"metrics\":{\"latencyMs\":1}";

        @Override
        public String whole(String text) {
            return "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"" + text
                    + "\"}]}},\"stopReason\":\"end_turn\"," + USAGE + "}";
        }

        @Override
        List<Frame> beginning() {
            return List.of(new Frame("messageStart", "{\"role\":\"assistant\"}"));
        }

        @Override
        List<Frame> content(String text) {
            return List.of(
                    new Frame("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"" + text + "\"}}"));
        }

        @Override
        List<Frame> end() {
            return List.of(
                    new Frame("contentBlockStop", "{\"contentBlockIndex\":0}"),
                    new Frame("messageStop", "{\"stopReason\":\"end_turn\"}"),
                    new Frame("metadata", "{" + USAGE + "}"));
        }

        @Override
        Frame failure() {
            return new Frame("exception:internalServerException", "{\"message\":\"boom\"}");
        }

        @Override
        Framing framing() {
            return Framings.EVENT_STREAM;
        }
    };

    /** What every answer reports to have used. */
    public static final long INPUT = 40;

    public static final long OUTPUT = 9;

    private final String dialect;
    private final String path;
    private final String mark;

    Talk(String dialect, String path, String mark) {
        this.dialect = dialect;
        this.path = path;
        this.mark = mark;
    }

    abstract String question(String text, String max);

    /** A whole answer. */
    public abstract String whole(String text);

    abstract List<Frame> beginning();

    abstract List<Frame> content(String text);

    abstract List<Frame> end();

    abstract Frame failure();

    Framing framing() {
        return Framings.SSE;
    }

    static Frame data(String json) {
        return new Frame(null, json);
    }

    static Frame named(String type, String members) {
        return new Frame(type, "{\"type\":\"" + type + "\"," + members + "}");
    }

    /** Any of them. */
    public static Talk drawn(SplittableRandom random) {
        return List.of(values()).get(random.nextInt(values().length));
    }

    /** The dialect's id. */
    public String dialect() {
        return dialect;
    }

    /** What only the last of a stream has in it; empty where that is nothing. */
    public String mark() {
        return mark;
    }

    /** Where callers ask. */
    public String path(boolean stream) {
        if (!stream) {
            return path;
        }
        return switch (this) {
            case GEMINI -> path.replace(":generate", ":streamGenerate") + "?alt=sse";
            case BEDROCK -> path + "-stream";
            default -> path;
        };
    }

    /**
     * A request.
     *
     * @param max the most output tokens, or an empty text to say nothing of them
     */
    public String request(boolean stream, String text, String max) {
        String question = question(text, max);
        boolean said = this == GEMINI || this == BEDROCK;
        return stream && !said ? question.replaceFirst("\\{", "{\"stream\":true,") : question;
    }

    /** The beginning of a stream, up to its first content. */
    public byte[] opening(String text) {
        List<Frame> frames = new ArrayList<>(beginning());
        frames.addAll(content(text));
        return encode(frames);
    }

    /** More content. */
    public byte[] more(String text) {
        return encode(content(text));
    }

    /** The end of a stream, with what it used. */
    public byte[] closing() {
        return encode(end());
    }

    /** An error in the place of the rest. */
    public byte[] breaking() {
        return encode(List.of(failure()));
    }

    byte[] encode(List<Frame> frames) {
        FrameWriter writer = framing().writer();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Frame frame : frames) {
            ByteBuffer bytes = writer.encode(frame);
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    /** The media type of its streams. */
    public String streamType() {
        return framing().mediaType();
    }

    /** A provider that speaks it, at a fake one. */
    public Provider provider(String name, FakeUpstream upstream) {
        return new Provider(
                name,
                "openai",
                upstream.uri(),
                List.of(Way.chat(dialect, "/answer")),
                new Credential.None(),
                Quirks.NONE);
    }
}
