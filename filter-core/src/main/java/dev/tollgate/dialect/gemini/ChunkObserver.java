package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.StreamObserver;
import dev.tollgate.json.Json;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Watches a stream of chunks. Each is some ten words and counts what was used so far, so each is parsed. */
final class ChunkObserver implements StreamObserver {
    private static final int MOST_CANDIDATES = 1024;

    private final BitSet begun = new BitSet();
    private final BitSet finished = new BitSet();
    private final ObjectNode usage = JsonNodeFactory.instance.objectNode();
    private String model = "";
    private @Nullable FinishReason finish;
    private StreamEvent.@Nullable Failed failure;
    private boolean callsTools;
    private boolean blocked;
    private long characters;

    @Override
    public Sight see(Frame frame) {
        if (frame.data().isBlank()) {
            return Sight.PREAMBLE;
        }
        try {
            JsonNode chunk = Json.read(frame.data());
            return see(chunk.isArray() && chunk.size() == 1 ? chunk.path(0) : chunk);
        } catch (RuntimeException e) {
            // What cannot be read is no news; the caller gets the bytes all the same.
            return Sight.PREAMBLE;
        }
    }

    private Sight see(JsonNode chunk) {
        if (chunk.hasNonNull("error")) {
            ProviderError error = Errors.read(200, chunk, "");
            String code = chunk.path("error").path("code").asString(null);
            failure = new StreamEvent.Failed(error.type(), code, error.message());
            return Sight.ERROR;
        }
        model = model.isEmpty() ? chunk.path("modelVersion").asString("") : model;
        boolean counts = chunk.get("usageMetadata") instanceof ObjectNode;
        if (chunk.get("usageMetadata") instanceof ObjectNode told) {
            usage.setAll(told);
        }
        if (ResponseReader.isBlocked(chunk)) {
            blocked = true;
            finish = FinishWords.blocked(chunk.path("promptFeedback"));
            return Sight.CONTENT;
        }
        boolean content = false;
        int position = 0;
        for (JsonNode candidate : chunk.path("candidates")) {
            content |= see(candidate, candidate.path("index").asInt(position++));
        }
        if (content) {
            return Sight.CONTENT;
        }
        return counts && chunk.path("candidates").isEmpty() ? Sight.USAGE_ONLY : Sight.PREAMBLE;
    }

    private boolean see(JsonNode candidate, int index) {
        if (index < 0 || index > MOST_CANDIDATES) {
            return false;
        }
        JsonNode parts = candidate.path("content").path("parts");
        boolean says = false;
        for (JsonNode part : parts) {
            says |= part(part);
        }
        begun.set(index);
        JsonNode reason = candidate.path("finishReason");
        if (FinishWords.says(reason)) {
            finished.set(index);
            finish = index == 0 || finish == null ? FinishWords.read(reason, callsTools) : finish;
            return true;
        }
        if (!parts.isEmpty()) {
            finished.clear(index);
        }
        return says;
    }

    private boolean part(JsonNode part) {
        JsonNode call = part.path("functionCall");
        callsTools |= call.isObject();
        long said = part.path("text").asString("").length();
        if (call.isObject()) {
            said += call.path("name").asString("").length();
            said += call.has("args") ? Json.text(call.path("args")).length() : 0;
        }
        characters += said;
        return said > 0 || !part.has("text");
    }

    @Override
    public AnswerFacts facts() {
        return new AnswerFacts(model, UsageFields.read(usage.deepCopy()), finish);
    }

    @Override
    public StreamEvent.@Nullable Failed failure() {
        return failure;
    }

    /** There is no mark of the end: a stream in which every candidate has its reason is whole. */
    @Override
    public boolean complete() {
        return failure == null && (blocked || (!finished.isEmpty() && finished.equals(begun)));
    }

    @Override
    public long characters() {
        return characters;
    }
}
