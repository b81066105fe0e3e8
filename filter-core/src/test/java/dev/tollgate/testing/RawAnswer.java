package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.ExceptionFrames;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What came over a caller's connection from its request to its end.
 *
 * @param status the status, or 0 when there was none
 * @param headers by their names in lower case
 * @param body without the marks of chunks
 * @param whole whether the body came to the end that its framing says
 * @param nanos how long it took from the request to the last byte, in nanoseconds
 */
public record RawAnswer(
        Talk talk, boolean stream, int status, Map<String, String> headers, byte[] body, boolean whole, long nanos) {

    /** What an answer ends with only if it is whole, in any of the dialects. */
    private static final Pattern SUCCESS = Pattern.compile("\\[DONE]|message_stop|response\\.completed|messageStop"
            + "|\"(finish_reason|stop_reason|stopReason|finishReason)\" ?: ?\"(?!FINISH_REASON_UNSPECIFIED)");

    /** Reads all that came. */
    public static RawAnswer read(Talk talk, boolean stream, byte[] all, long nanos) {
        String text = new String(all, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || !text.startsWith("HTTP/1.1 ")) {
            return new RawAnswer(talk, stream, 0, Map.of(), all, false, nanos);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : text.substring(0, end).split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.startsWith("HTTP/")) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim());
            }
        }
        int status = Integer.parseInt(text.substring(9, 12));
        String rest = text.substring(end + 4);
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            boolean whole = unchunk(rest, body);
            return new RawAnswer(talk, stream, status, headers, body.toByteArray(), whole, nanos);
        }
        boolean whole = rest.length() == Integer.parseInt(headers.getOrDefault("content-length", "-1"));
        return new RawAnswer(talk, stream, status, headers, rest.getBytes(ISO_8859_1), whole, nanos);
    }

    /** Whether the last chunk is there. */
    private static boolean unchunk(String rest, ByteArrayOutputStream body) {
        int at = 0;
        while (true) {
            int line = rest.indexOf("\r\n", at);
            if (line < 0) {
                return false;
            }
            int size = Integer.parseInt(rest.substring(at, line), 16);
            if (size == 0) {
                return true;
            }
            int from = line + 2;
            int to = Math.min(rest.length(), from + size);
            body.writeBytes(rest.substring(from, to).getBytes(ISO_8859_1));
            at = from + size + 2;
            if (at > rest.length()) {
                return false;
            }
        }
    }

    public String text() {
        return new String(body, UTF_8);
    }

    /** A header's value, or an empty text. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Whether it says anywhere that the answer is whole. */
    public boolean saysSuccess() {
        return SUCCESS.matcher(text()).find();
    }

    /** Whether the caller's SDK sees a whole answer and no error. */
    public boolean isSuccess() {
        boolean marked = saysSuccess() || (!stream && talk == Talk.RESPONSES && text().contains("\"completed\""));
        return status == 200 && whole && marked && error().isEmpty();
    }

    /** Whether the stream had begun for the caller and then ended in an error of its dialect. */
    public boolean isCut() {
        return stream && status == 200 && error().isPresent();
    }

    /** The error that the caller's SDK sees, in its dialect. */
    public Optional<JsonNode> error() {
        if (!stream || status != 200) {
            return json(text()).filter(this::isError);
        }
        return frames().stream()
                .filter(frame -> ExceptionFrames.type(frame) != null
                        || json(frame.data()).filter(this::isError).isPresent())
                .findFirst()
                .flatMap(frame -> json(frame.data()));
    }

    private boolean isError(JsonNode json) {
        return switch (talk) {
            case ANTHROPIC ->
                json.path("type").asString("").equals("error")
                        && json.at("/error/message").isString();
            case RESPONSES ->
                json.at("/error/message").isString()
                        || json.at("/response/error/message").isString();
            case BEDROCK -> status != 200 && json.path("message").isString();
            case GEMINI ->
                json.at("/error/message").isString() && json.at("/error/status").isString();
            case OPENAI -> json.at("/error/message").isString();
        };
    }

    private static Optional<JsonNode> json(String text) {
        try {
            return text.startsWith("{") ? Optional.of(Json.read(text)) : Optional.empty();
        } catch (JacksonException passedOnAsItCame) {
            return Optional.empty();
        }
    }

    private List<Frame> frames() {
        List<Frame> frames = new ArrayList<>();
        FrameReader reader = talk.framing().reader();
        try {
            reader.feed(ByteBuffer.wrap(body), (frame, raw) -> frames.add(frame));
        } catch (BadAnswer e) {
            throw new AssertionError(text(), e);
        }
        return frames;
    }

    @Override
    public String toString() {
        return status + " " + headers + (whole ? " " : " (not whole) ") + text();
    }
}
