package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.ProviderError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads one stream of chunks. What stands beside the answer in a chunk (a provider's name, timings) becomes the start's
 * extras if it comes with the start, and an event of its own if it comes later.
 */
final class ChunkReader implements Dialect.EventReader {
    static final String END = "[DONE]";

    private static final int MOST_CHOICES = 1_024;

    /** Hides the length of the text from who reads along; it means nothing. */
    static final String PADDING = "obfuscation";

    private final Map<Integer, ChoiceReader> choices = new TreeMap<>();
    private final Map<String, JsonNode> early = new LinkedHashMap<>();
    private final Set<String> told = new HashSet<>();
    private boolean started;
    private String id = "";

    @Override
    public List<StreamEvent> read(Frame frame) throws BadAnswer {
        if (frame.data().isBlank()) {
            return List.of();
        }
        List<StreamEvent> events = new ArrayList<>(2);
        if (frame.data().trim().equals(END)) {
            choices.values().forEach(choice -> choice.endParts(events));
            events.add(new StreamEvent.Done());
            return events;
        }
        JsonNode chunk = frame.object("a chunk");
        if (chunk.hasNonNull("error")) {
            // Whatever else it says, a finish reason above all, is not to be taken for an answer's end.
            ProviderError error = ProviderError.read(200, chunk, "");
            events.add(new StreamEvent.Failed(error.type(), error.code(), error.message()));
        } else {
            chunk(chunk, events);
        }
        return events;
    }

    private void chunk(JsonNode chunk, List<StreamEvent> events) throws BadAnswer {
        JsonNode list = chunk.path("choices");
        start(chunk, list, events);
        for (JsonNode choice : list) {
            int index = choice.path("index").asInt(0);
            if (index < 0 || index >= MOST_CHOICES) {
                throw new BadAnswer("a chunk of the stream numbers an alternative beyond reason");
            }
            choices.computeIfAbsent(index, key -> new ChoiceReader(key, id)).read(choice, events);
        }
        if (started) {
            leftovers(chunk)
                    .forEach((name, value) -> events.add(new StreamEvent.ForeignDelta(
                            0, 0, name, new Opaque(OpenAiChat.ID, "response." + name, value))));
        }
        Usage usage = usage(chunk);
        if (usage != null) {
            events.add(new StreamEvent.UsageReport(usage));
        }
    }

    /** Begins the answer with the first chunk that says something of it; Azure sends one before that about the prompt. */
    private void start(JsonNode chunk, JsonNode list, List<StreamEvent> events) {
        if (started) {
            return;
        }
        early.putAll(leftovers(chunk));
        id = chunk.path("id").asString("");
        if (list.isEmpty() && id.isEmpty()) {
            return;
        }
        started = true;
        JsonNode created = chunk.path("created");
        events.add(new StreamEvent.Start(
                id,
                chunk.path("model").asString(""),
                created.isIntegralNumber() ? created.longValue() : null,
                null,
                new Extras(OpenAiChat.ID, "response", early)));
    }

    private Map<String, JsonNode> leftovers(JsonNode chunk) {
        Map<String, JsonNode> left = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : chunk.properties()) {
            if (!isKnown(member.getKey()) && says(member.getValue()) && told.add(member.getKey())) {
                left.put(member.getKey(), member.getValue());
            }
        }
        return left;
    }

    private static boolean isKnown(String name) {
        return switch (name) {
            case "id", "object", "created", "model", "choices", "usage", "error", PADDING, "p" -> true;
            default -> false;
        };
    }

    /** Whether a value says anything. */
    static boolean says(JsonNode value) {
        return !value.isNull() && !(value.isContainer() && value.isEmpty());
    }

    /** Usage where OpenAI puts it, or where Groq did before it put it there too. */
    private static @Nullable Usage usage(JsonNode chunk) {
        Usage usage = UsageFields.read(chunk.get("usage"));
        return usage == null ? UsageFields.read(chunk.path("x_groq").get("usage")) : usage;
    }
}
