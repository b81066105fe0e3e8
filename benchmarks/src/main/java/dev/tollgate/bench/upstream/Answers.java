package dev.tollgate.bench.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the provider says, in both dialects: about 1 KB whole, 20 events as a stream, always the same. */
public final class Answers {
    private static final String SENTENCE = "The gateway forwards the call and counts what it used. ";

    /** What the first event of a stream that says something has in it. */
    public static final String FIRST_WORD = "The ";

    private static final List<String> WORDS = List.of(
            FIRST_WORD,
            "gateway ",
            "forwards ",
            "the ",
            "call ",
            "to ",
            "its ",
            "target, ",
            "and ",
            "counts ",
            "what ",
            "it ",
            "used ",
            "on ",
            "its way.");

    private Answers() {}

    static ByteBuffer openAiWhole() {
        return whole(openAiJson(9));
    }

    static ByteBuffer anthropicWhole() {
        return whole(anthropicJson(9));
    }

    /** A whole answer of so many sentences. */
    public static String openAiJson(int sentences) {
        return """
                {"id":"chatcmpl-CgXq2b9JkR7mYw0ZtVn4","object":"chat.completion","created":1764000000,"model":"bench-model",\
                "choices":[{"index":0,"message":{"role":"assistant","content":"%s","refusal":null,"annotations":[]},\
                "logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":190,"completion_tokens":91,\
                "total_tokens":281,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},\
                "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,\
                "rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_5c2b9a1d7e"}""".formatted(SENTENCE.repeat(sentences));
    }

    /** A whole answer of so many sentences. */
    public static String anthropicJson(int sentences) {
        return """
                {"id":"msg_01KbXq2b9JkR7mYw0ZtVn4Qd","type":"message","role":"assistant","model":"bench-model",\
                "content":[{"type":"text","text":"%s"}],"stop_reason":"end_turn","stop_sequence":null,\
                "usage":{"input_tokens":190,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,\
                "cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":91,\
                "service_tier":"standard"}}""".formatted(SENTENCE.repeat(sentences));
    }

    private static ByteBuffer whole(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        String head = head("content-type: application/json", "content-length: " + body.length);
        return direct((head + json).getBytes(StandardCharsets.UTF_8));
    }

    private static String head(String... headers) {
        String lines = String.join("\r\n", headers);
        return "HTTP/1.1 200 OK\r\nx-request-id: req_5c2b9a1d7e\r\n" + lines + "\r\n\r\n";
    }

    /** The writes of a stream in order, the first one with the answer's head; without the usage event unless asked for. */
    static List<ByteBuffer> openAiStream(boolean usage) {
        return stream(openAiEvents(usage));
    }

    /** The events of a stream, each with its blank line. */
    public static List<String> openAiEvents(boolean usage) {
        List<String> events = new ArrayList<>();
        events.add(openAiChunk("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null", usage));
        for (String word : WORDS) {
            events.add(openAiChunk("{\"content\":\"" + word + "\"}", "null", usage));
        }
        events.add(openAiChunk("{}", "\"stop\"", usage));
        if (usage) {
            events.add(openAi(
                    "[]",
                    "{\"prompt_tokens\":190,\"completion_tokens\":15,\"total_tokens\":205,"
                            + "\"prompt_tokens_details\":{\"cached_tokens\":0},"
                            + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}"));
        }
        events.add("data: [DONE]\n\n");
        return List.copyOf(events);
    }

    private static String openAiChunk(String delta, String finish, boolean usage) {
        String choices = "[{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finish + "}]";
        return openAi(choices, usage ? "null" : "");
    }

    private static String openAi(String choices, String usage) {
        return "data: {\"id\":\"chatcmpl-CgXq2b9JkR7mYw0ZtVn4\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,"
                + "\"model\":\"bench-model\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_5c2b9a1d7e\","
                + "\"choices\":" + choices + (usage.isEmpty() ? "" : ",\"usage\":" + usage) + "}\n\n";
    }

    /** The writes of a stream in order, the first one with the answer's head. */
    static List<ByteBuffer> anthropicStream() {
        return stream(anthropicEvents());
    }

    /** The events of a stream, each with its blank line. */
    public static List<String> anthropicEvents() {
        List<String> events = new ArrayList<>();
        events.add(anthropic("message_start", """
                        "message":{"id":"msg_01KbXq2b9JkR7mYw0ZtVn4Qd","type":"message","role":"assistant",\
                        "model":"bench-model","content":[],"stop_reason":null,"stop_sequence":null,\
                        "usage":{"input_tokens":190,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,\
                        "output_tokens":1,"service_tier":"standard"}}"""));
        events.add(anthropic("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
        for (String word : WORDS) {
            events.add(anthropic(
                    "content_block_delta",
                    "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + word + "\"}"));
        }
        events.add(anthropic("content_block_stop", "\"index\":0"));
        events.add(anthropic(
                "message_delta",
                "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"input_tokens\":190,"
                        + "\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":15}"));
        events.add("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        return List.copyOf(events);
    }

    private static String anthropic(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static List<ByteBuffer> stream(List<String> events) {
        List<ByteBuffer> writes = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            String head = i > 0
                    ? ""
                    : head("content-type: text/event-stream", "cache-control: no-cache", "transfer-encoding: chunked");
            String end = i == events.size() - 1 ? "0\r\n\r\n" : "";
            writes.add(direct((head + chunk(events.get(i)) + end).getBytes(StandardCharsets.US_ASCII)));
        }
        return List.copyOf(writes);
    }

    private static String chunk(String event) {
        return Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer();
    }
}
