package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.JsonSkim;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.StreamObserver;
import dev.tollgate.json.Json;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Watches a stream of chunks. Nearly every chunk is a few characters of text, so it is skimmed and not parsed; the first,
 * and those with a finish reason, usage or an error, are.
 */
final class ChunkObserver implements StreamObserver {
    /** The members whose strings are the answer. */
    private static final String[] CONTENT = {"content", "reasoning_content", "reasoning", "arguments", "refusal", "name"
    };

    private final BitSet begun = new BitSet();
    private final BitSet finished = new BitSet();
    private String model = "";
    private JsonNode tier = MissingNode.getInstance();
    private @Nullable Usage usage;
    private @Nullable FinishReason finish;
    private StreamEvent.@Nullable Failed failure;
    private boolean ended;
    private long characters;

    @Override
    public Sight see(Frame frame) {
        String data = frame.data();
        if (data.isBlank()) {
            return Sight.PREAMBLE;
        }
        if (data.length() < 16 && data.trim().equals(ChunkReader.END)) {
            ended = true;
            return Sight.END;
        }
        long before = characters;
        for (String member : CONTENT) {
            characters += JsonSkim.characters(data, member);
        }
        Sight told = matters(data) ? parse(data) : Sight.PREAMBLE;
        return told == Sight.PREAMBLE && characters > before ? Sight.CONTENT : told;
    }

    private boolean matters(String data) {
        return begun.isEmpty()
                || JsonSkim.has(data, "finish_reason", '"')
                || JsonSkim.has(data, "usage", '{')
                || data.contains("\"error\"")
                || JsonSkim.hasIndexAboveZero(data);
    }

    private Sight parse(String data) {
        try {
            return see(Json.read(data));
        } catch (RuntimeException e) {
            // What cannot be read is no news; the caller gets the bytes all the same.
            return Sight.PREAMBLE;
        }
    }

    private Sight see(JsonNode chunk) {
        String named = chunk.path("model").asString("");
        model = model.isEmpty() ? named : model;
        tier = chunk.path("service_tier").isString() ? chunk.path("service_tier") : tier;
        Usage told = UsageFields.read(chunk.get("usage"));
        usage = told == null ? usage : told;
        boolean over = false;
        for (JsonNode choice : chunk.path("choices")) {
            over |= see(choice, choice.path("index").asInt(0));
        }
        JsonNode error = chunk.get("error");
        if (error != null && !error.isNull()) {
            ProviderError read = ProviderError.read(200, chunk, "");
            failure = new StreamEvent.Failed(read.type(), read.code(), read.message());
            return Sight.ERROR;
        }
        if (over) {
            return Sight.CONTENT;
        }
        return told != null && chunk.path("choices").isEmpty() ? Sight.USAGE_ONLY : Sight.PREAMBLE;
    }

    private boolean see(JsonNode choice, int index) {
        if (index < 0 || index > 1024) {
            return false;
        }
        begun.set(index);
        String word = choice.path("finish_reason").asString("");
        if (word.isEmpty()) {
            return false;
        }
        finished.set(index);
        finish = index == 0 || finish == null ? FinishWords.read(word) : finish;
        return true;
    }

    @Override
    public AnswerFacts facts() {
        return new AnswerFacts(model, usage, finish).servedIn(tier);
    }

    @Override
    public StreamEvent.@Nullable Failed failure() {
        return failure;
    }

    /** Some providers leave {@code [DONE]} out; a stream in which every answer has its finish reason is whole as well. */
    @Override
    public boolean complete() {
        return failure == null && (ended || (!finished.isEmpty() && finished.equals(begun)));
    }

    @Override
    public long characters() {
        return characters;
    }
}
