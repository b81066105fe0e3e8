package dev.tollgate.dialect;

import dev.tollgate.ErrorCode;
import dev.tollgate.PlainText;
import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What every dialect's answers have in common: they are JSON, and an error is an object of that name. */
final class Answers {
    private static final int EXCERPT_BYTES = 300;
    private static final int LONGEST_MESSAGE = 2_000;

    private Answers() {}

    /** A whole answer as a tree. */
    static JsonNode read(byte[] body) throws BadAnswer {
        JsonNode answer = json(body);
        if (answer == null) {
            throw new BadAnswer("the provider's answer is not JSON, or not all of it");
        }
        if (!answer.isObject()) {
            throw new BadAnswer("the provider's answer is not a JSON object");
        }
        if (answer.path("error").isObject()) {
            throw new BadAnswer("the provider answered with an error under a status of success");
        }
        return answer;
    }

    /** An error answer, read in a dialect. */
    static ProviderError error(Dialect dialect, int status, byte[] body) {
        return error(dialect::readError, status, body);
    }

    /** Reads the parts of an error answer. */
    @FunctionalInterface
    interface ErrorReader {
        ProviderError read(int status, @Nullable JsonNode body, String excerpt);
    }

    /** An error answer, read by something else than a dialect. */
    static ProviderError error(ErrorReader reader, int status, byte[] body) {
        String excerpt = new String(body, 0, Math.min(body.length, EXCERPT_BYTES), StandardCharsets.UTF_8);
        return reader.read(status, onlyElement(json(body)), excerpt);
    }

    /** Gemini puts the error of a stream of arrays into an array too. */
    private static @Nullable JsonNode onlyElement(@Nullable JsonNode body) {
        return body != null && body.isArray() && body.size() == 1 ? body.get(0) : body;
    }

    /** Whether an SDK of this dialect finds in an error body what it looks for. */
    static boolean isErrorShape(Dialect dialect, byte[] body) {
        JsonNode json = json(body);
        return json != null && dialect.isErrorBody(json);
    }

    /** The answer under a name: where its dialect gives answers no id or names no model, the call's id and the target's model. */
    static ChatResponse named(ChatResponse answer, Passage passage) {
        return new ChatResponse(
                answer.id().isEmpty() ? passage.callId() : answer.id(),
                answer.model().isEmpty() ? passage.target().model() : answer.model(),
                answer.created(),
                answer.choices(),
                answer.usage(),
                answer.extras());
    }

    /** The same for an answer that begins to be streamed. */
    static StreamEvent named(StreamEvent event, Passage passage) {
        if (!(event instanceof StreamEvent.Start start)) {
            return event;
        }
        return new StreamEvent.Start(
                start.id().isEmpty() ? passage.callId() : start.id(),
                start.model().isEmpty() ? passage.target().model() : start.model(),
                start.created(),
                start.usage(),
                start.extras());
    }

    /** Whether a text is JSON, all of it. */
    static boolean isJson(String text) {
        return json(text.getBytes(StandardCharsets.UTF_8)) != null;
    }

    /** A body as a tree; null when it is not JSON. */
    static @Nullable JsonNode json(byte[] body) {
        try {
            JsonNode node = Json.read(body);
            return node.isMissingNode() ? null : node;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** A provider's error in the middle of a stream, as the caller is told of it. */
    static Refusal refusal(StreamEvent.Failed failed) {
        ErrorCode code = code(failed);
        return new Refusal(
                        code, "the provider broke off its answer: " + PlainText.cut(failed.message(), LONGEST_MESSAGE))
                .asProviderSaid(code.status(), failed.type(), failed.code());
    }

    /** Whose fault it is, by the provider's word for it, or by the HTTP status that some repeat as the error's code. */
    private static ErrorCode code(StreamEvent.Failed failed) {
        String words = (failed.type() + " " + failed.code()).toLowerCase(Locale.ROOT);
        if (words.contains("overloaded") || words.contains("unavailable")) {
            return ErrorCode.PROVIDER_OVERLOADED;
        }
        if (words.contains("rate_limit") || words.contains("throttling") || words.contains("resource_exhausted")) {
            return ErrorCode.PROVIDER_RATE_LIMITED;
        }
        if (words.contains("invalid_") || words.contains("validation")) {
            return ErrorCode.PROVIDER_REJECTED;
        }
        return switch (String.valueOf(failed.code())) {
            case "400", "404", "413", "422" -> ErrorCode.PROVIDER_REJECTED;
            case "429" -> ErrorCode.PROVIDER_RATE_LIMITED;
            case "503", "529" -> ErrorCode.PROVIDER_OVERLOADED;
            default -> ErrorCode.PROVIDER_STREAM_INTERRUPTED;
        };
    }

    /** Frames for the caller as the bytes of one write. */
    static ByteBuffer encode(FrameWriter writer, List<Frame> frames) {
        List<ByteBuffer> encoded = frames.stream().map(writer::encode).toList();
        if (encoded.size() == 1) {
            return encoded.get(0);
        }
        ByteBuffer all = ByteBuffer.allocate(
                encoded.stream().mapToInt(ByteBuffer::remaining).sum());
        encoded.forEach(all::put);
        return all.flip();
    }
}
