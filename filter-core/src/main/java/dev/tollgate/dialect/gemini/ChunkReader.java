package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one stream of chunks, each an answer of its own form. There is no mark of the end, and older models give a finish
 * reason in every chunk, so what finishes the answer is told when the stream has ended: then it is whole if every candidate
 * has its reason. Usage is cumulative, member by member.
 */
final class ChunkReader implements Dialect.EventReader {
    private static final int MOST_CANDIDATES = 1024;

    private final Map<Integer, CandidateReader> candidates = new TreeMap<>();
    private final ObjectNode usage = JsonNodeFactory.instance.objectNode();
    private final Set<String> told = new HashSet<>();
    private @Nullable JsonNode blocked;
    private boolean started;
    private boolean failed;
    private String id = "";

    @Override
    public List<StreamEvent> read(Frame frame) throws BadAnswer {
        if (frame.data().isBlank()) {
            return List.of();
        }
        List<StreamEvent> events = new ArrayList<>(4);
        ObjectNode chunk = parse(frame.data());
        if (chunk.hasNonNull("error")) {
            failed = true;
            ProviderError error = Errors.read(200, chunk, "");
            String code = chunk.path("error").path("code").asString(null);
            events.add(new StreamEvent.Failed(error.type(), code, error.message()));
        } else {
            chunk(Fields.lenient(chunk, Gemini.ID, "response"), events);
        }
        return events;
    }

    private static ObjectNode parse(String data) throws BadAnswer {
        try {
            JsonNode chunk = Json.read(data);
            // An error comes in a list of its own where the stream is one.
            JsonNode only = chunk.isArray() && chunk.size() == 1 ? chunk.path(0) : chunk;
            if (only instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new BadAnswer("a chunk of the stream is not JSON");
        }
        throw new BadAnswer("a chunk of the stream is no JSON object");
    }

    private void chunk(Fields chunk, List<StreamEvent> events) throws BadAnswer {
        chunk.label("createTime");
        String named = chunk.need("responseId");
        id = started ? id : named;
        String model = chunk.need("modelVersion");
        JsonNode counted = chunk.take("usageMetadata");
        List<JsonNode> said = chunk.list("candidates");
        blocked = ResponseReader.isBlocked(chunk.node()) ? chunk.node().path("promptFeedback") : blocked;
        leftovers(chunk, model, events);
        int position = 0;
        for (JsonNode element : said) {
            Fields candidate = chunk.element(element, "candidates", position);
            if (candidate != null) {
                candidate(candidate, position, events);
            }
            position++;
        }
        report(counted, events);
    }

    /** What stands beside the candidates: a part of the start if it comes with it, told by itself if it comes later. */
    private void leftovers(Fields chunk, String model, List<StreamEvent> events) {
        Map<String, JsonNode> left = new LinkedHashMap<>();
        chunk.rest().fields().forEach((name, value) -> {
            if (told.add(name)) {
                left.put(name, value);
            }
        });
        if (!started) {
            started = true;
            Extras extras = new Extras(Gemini.ID, "response", left);
            events.add(new StreamEvent.Start(id, model, ResponseReader.created(chunk.node()), null, extras));
            return;
        }
        left.forEach((name, value) -> {
            if (!Extras.isLabel(name)) {
                Opaque whole = new Opaque(Gemini.ID, "response." + name, value);
                events.add(new StreamEvent.ForeignDelta(0, 0, name, whole));
            }
        });
    }

    private void candidate(Fields candidate, int position, List<StreamEvent> events) throws BadAnswer {
        int index = candidate.node().path("index").asInt(position);
        if (index < 0 || index >= MOST_CANDIDATES) {
            throw new BadAnswer("a chunk of the stream numbers a candidate beyond reason");
        }
        candidates.computeIfAbsent(index, key -> new CandidateReader(key, id)).read(candidate, events);
    }

    private void report(@Nullable JsonNode counted, List<StreamEvent> events) {
        if (counted instanceof ObjectNode object) {
            usage.setAll(object);
            Usage known = UsageFields.read(usage.deepCopy());
            if (known != null) {
                events.add(new StreamEvent.UsageReport(known));
            }
        }
    }

    @Override
    public List<StreamEvent> end() {
        boolean finished = !candidates.isEmpty() && candidates.values().stream().allMatch(CandidateReader::isFinished);
        if (failed || !(finished || (candidates.isEmpty() && blocked != null))) {
            return List.of();
        }
        List<StreamEvent> events = new ArrayList<>();
        candidates.values().forEach(candidate -> candidate.finish(events));
        if (candidates.isEmpty() && blocked != null) {
            Extras place = new Extras(Gemini.ID, ResponseReader.BLOCKED, Map.of());
            events.add(new StreamEvent.Finish(0, FinishWords.blocked(blocked), place));
        }
        events.add(new StreamEvent.Done());
        return events;
    }
}
