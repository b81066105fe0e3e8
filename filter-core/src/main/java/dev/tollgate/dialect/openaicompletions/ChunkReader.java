package dev.tollgate.dialect.openaicompletions;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.ProviderError;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads one stream of completions. */
final class ChunkReader implements Dialect.EventReader {
    static final String END = "[DONE]";
    private static final int MOST_CHOICES = 1_024;

    private final BitSet finished = new BitSet();
    private boolean started;

    @Override
    public List<StreamEvent> read(Frame frame) throws BadAnswer {
        List<StreamEvent> events = new ArrayList<>(2);
        if (frame.data().isBlank()) {
            return events;
        }
        if (frame.data().trim().equals(END)) {
            events.add(new StreamEvent.Done());
            return events;
        }
        JsonNode chunk = frame.object("a chunk");
        if (chunk.hasNonNull("error")) {
            ProviderError error = ProviderError.read(200, chunk, "");
            events.add(new StreamEvent.Failed(error.type(), error.code(), error.message()));
            return events;
        }
        start(chunk, events);
        for (JsonNode choice : chunk.path("choices")) {
            if (choice instanceof ObjectNode object) {
                choice(Fields.lenient(object, OpenAiCompletions.ID, "response.choices[]"), events);
            }
        }
        Usage usage = ResponseReader.usage(chunk.get("usage"));
        if (usage != null) {
            events.add(new StreamEvent.UsageReport(usage));
        }
        return events;
    }

    private void start(JsonNode chunk, List<StreamEvent> events) {
        if (started) {
            return;
        }
        started = true;
        JsonNode created = chunk.path("created");
        events.add(new StreamEvent.Start(
                chunk.path("id").asString(""),
                chunk.path("model").asString(""),
                created.isIntegralNumber() ? created.longValue() : null,
                null,
                Extras.NONE));
    }

    private void choice(Fields choice, List<StreamEvent> events) throws BadAnswer {
        int index = choice.node().path("index").asInt(0);
        if (index < 0 || index >= MOST_CHOICES) {
            throw new BadAnswer("a chunk of the stream numbers an alternative beyond reason");
        }
        String text = choice.node().path("text").asString("");
        if (!text.isEmpty()) {
            events.add(new StreamEvent.TextDelta(index, 0, text));
        }
        List<TokenChance> chances = Logprobs.read(choice);
        if (!chances.isEmpty()) {
            events.add(new StreamEvent.Chances(index, chances));
        }
        String finish = choice.node().path("finish_reason").asString("");
        if (!finish.isEmpty() && !finished.get(index)) {
            finished.set(index);
            events.add(new StreamEvent.PartEnd(index, 0));
            events.add(new StreamEvent.Finish(index, ResponseReader.finish(finish), Extras.NONE));
        }
    }
}
