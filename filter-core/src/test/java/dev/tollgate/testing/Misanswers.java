package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.dialect.Frame;
import dev.tollgate.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link Talk} as providers get it wrong: errors of all kinds, strange events, strange reports of what was used. */
public final class Misanswers {
    private final Talk talk;
    private final CountDownLatch seen;

    public Misanswers(Talk talk) {
        this(talk, new CountDownLatch(0));
    }

    /** @param seen opens when the caller has seen content */
    public Misanswers(Talk talk, CountDownLatch seen) {
        this.talk = talk;
        this.seen = seen;
    }

    /** Waits until the caller has seen content, so that no other target can answer any more. */
    public WireScript.Step seen() {
        return new WireScript.Step("a wait for the caller to see it", peer -> peer.await(seen));
    }

    // --- errors

    /** The body of an error, as the provider says it. */
    public String error(int status, String type, String message) {
        return switch (talk) {
            case OPENAI, RESPONSES ->
                "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":\""
                        + type + "\"}}";
            case ANTHROPIC ->
                "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\"}}";
            case GEMINI ->
                "{\"error\":{\"code\":" + status + ",\"message\":\"" + message + "\",\"status\":\"" + type + "\"}}";
            case BEDROCK -> "{\"message\":\"" + message + "\"}";
        };
    }

    /** How the provider refuses what is longer than it can read. */
    public String tooLong() {
        return switch (talk) {
            case OPENAI, RESPONSES ->
                error(400, "context_length_exceeded", "This model's maximum context length is 8 tokens.");
            case ANTHROPIC -> error(400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum");
            case GEMINI ->
                error(
                        400,
                        "INVALID_ARGUMENT",
                        "The input token count (9) exceeds the maximum number of tokens allowed (8).");
            case BEDROCK -> error(400, "ValidationException", "Input is too long for requested model.");
        };
    }

    /** How the provider says that its account has no money left. */
    public String spent() {
        return switch (talk) {
            case OPENAI, RESPONSES -> error(429, "insufficient_quota", "You exceeded your current quota.");
            case ANTHROPIC ->
                "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Spend limit reached\","
                        + "\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}";
            case GEMINI -> error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan.");
            case BEDROCK -> error(429, "ServiceQuotaExceededException", "Too many tokens per day");
        };
    }

    /** The dialect's word for a kind of error. */
    public String word(String kind) {
        return switch (kind) {
            case "rate_limit" -> oneOf("rate_limit_exceeded", "rate_limit_error", "RESOURCE_EXHAUSTED");
            case "auth" -> oneOf("invalid_api_key", "authentication_error", "PERMISSION_DENIED");
            case "bad_request" -> oneOf("invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT");
            default -> oneOf("server_error", "api_error", "INTERNAL");
        };
    }

    private String oneOf(String openai, String anthropic, String gemini) {
        return switch (talk) {
            case ANTHROPIC -> anthropic;
            case GEMINI -> gemini;
            default -> openai;
        };
    }

    // --- streams

    public String streamType() {
        return talk.streamType();
    }

    /** A stream up to its first content, which is not there yet. */
    public byte[] beginning() {
        return talk.encode(talk.beginning());
    }

    /** A stream up to its first content. */
    public byte[] opening() {
        return talk.opening("Hello");
    }

    public byte[] more() {
        return talk.more(" and on");
    }

    public byte[] closing() {
        return talk.closing();
    }

    /** An error in the place of the rest. */
    public byte[] failure() {
        return talk.breaking();
    }

    /** A whole good stream. */
    public byte[] good() {
        return joined(talk.opening("Hello"), talk.closing());
    }

    /** An event that only says that the stream is alive; empty where the dialect has none. */
    public byte[] ping() {
        return switch (talk) {
            case ANTHROPIC -> "event: ping\ndata: {\"type\":\"ping\"}\n\n".getBytes(UTF_8);
            case BEDROCK -> new byte[0];
            default -> ": ping\n\n".getBytes(UTF_8);
        };
    }

    /** An event that no dialect knows. */
    public byte[] unknownEvent() {
        return talk.encode(List.of(new Frame("weather.report", "{\"type\":\"weather.report\",\"sun\":true}")));
    }

    /** An event whose data is no JSON. */
    public byte[] badJson() {
        return talk.encode(
                List.of(new Frame(talk == Talk.BEDROCK ? "contentBlockDelta" : null, "{\"id\":\"c\",\"cho")));
    }

    /** An event that is longer than any may be. */
    public byte[] hugeEvent() {
        return ("data: {\"x\":\"" + "y".repeat(5 << 20) + "\"}\n\n").getBytes(UTF_8);
    }

    /** The end of a stream that says nothing of what was used. */
    public byte[] closingWithoutUsage() {
        return talk.encode(talk.end().stream().map(Misanswers::withoutUsage).toList());
    }

    /** The beginning of a stream that says nothing of what was used. */
    public byte[] openingWithoutUsage() {
        List<Frame> frames = new ArrayList<>(talk.beginning());
        frames.addAll(talk.content("Hello"));
        return talk.encode(frames.stream().map(Misanswers::withoutUsage).toList());
    }

    /** The end of a stream that says that these were used. */
    public byte[] closing(String input, String output) {
        return talk.encode(talk.end().stream()
                .map(frame -> new Frame(frame.event(), used(frame.data(), input, output)))
                .toList());
    }

    // --- whole answers

    public String whole() {
        return talk.whole("Hello");
    }

    public String wholeWithoutUsage() {
        return withoutUsage(whole());
    }

    public String whole(String input, String output) {
        return used(whole(), input, output);
    }

    private static String used(String json, String input, String output) {
        return json.replace(":" + Talk.INPUT, ":" + input).replace(":" + Talk.OUTPUT, ":" + output);
    }

    private static Frame withoutUsage(Frame frame) {
        return frame.data().startsWith("{") ? new Frame(frame.event(), withoutUsage(frame.data())) : frame;
    }

    private static String withoutUsage(String json) {
        JsonNode tree = Json.read(json);
        strip(tree);
        return Json.text(tree);
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(List.of("usage", "usageMetadata"));
            object.forEach(Misanswers::strip);
        } else if (node instanceof ArrayNode array) {
            array.forEach(Misanswers::strip);
        }
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
