package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.dialect.Fields;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads one candidate of a stream. Text of one kind forms one part until another kind begins; everything else comes whole,
 * a part each.
 */
final class CandidateReader {
    /** The most text that is kept to find the places of its sources, in characters. */
    private static final int MOST_TEXT = 1 << 20;

    private enum Kind {
        NONE,
        TEXT,
        THOUGHT
    }

    private final int index;
    private final PartReader reader;
    private final Map<String, JsonNode> left = new LinkedHashMap<>();
    private final Set<Citation> cited = new HashSet<>();
    private final StringBuilder text = new StringBuilder();
    private Kind kind = Kind.NONE;
    private int open = -1;
    private int parts;
    private boolean callsTools;
    private JsonNode reason = MissingNode.getInstance();

    CandidateReader(int index, String answer) {
        this.index = index;
        this.reader = new PartReader(new CallIds(answer + '/' + index));
    }

    void read(Fields candidate, List<StreamEvent> events) {
        candidate.label("avgLogprobs", "finishMessage");
        candidate.take("index");
        JsonNode told = candidate.take("finishReason");
        Fields content = candidate.object("content");
        List<Part> said = List.of();
        if (content != null) {
            content.take("role");
            said = reader.parts(content);
        }
        said.forEach(part -> part(part, events));
        List<TokenChance> chances = LogProbs.read(candidate.take(LogProbs.MEMBER));
        if (!chances.isEmpty()) {
            events.add(new StreamEvent.Chances(index, chances));
        }
        cite(candidate, events);
        left.putAll(candidate.rest().fields());
        if (told != null && FinishWords.says(told)) {
            reason = told;
        } else if (!said.isEmpty()) {
            reason = MissingNode.getInstance();
        }
    }

    private void cite(Fields candidate, List<StreamEvent> events) {
        boolean names = candidate.peek(Grounding.GROUNDING) != null || candidate.peek(Grounding.CITATIONS) != null;
        if (!names || kind != Kind.TEXT || text.length() > MOST_TEXT) {
            return;
        }
        for (Citation citation : Grounding.read(candidate.node(), text.toString(), -1, candidate.path())) {
            if (cited.add(citation)) {
                events.add(new StreamEvent.Cited(index, open, citation));
            }
        }
    }

    private void part(Part part, List<StreamEvent> events) {
        if (part instanceof Part.Text said) {
            said(said, events);
        } else if (part instanceof Part.Reasoning thought) {
            thought(thought, events);
        } else {
            close(events);
            int number = parts++;
            if (part instanceof Part.ToolCall call) {
                call(call, number, events);
            } else if (part instanceof Part.Media media) {
                events.add(new StreamEvent.MediaPart(index, number, media));
            } else if (part instanceof Part.Foreign foreign) {
                events.add(new StreamEvent.ForeignDelta(index, number, foreign.type(), foreign.whole()));
            }
            events.add(new StreamEvent.PartEnd(index, number));
        }
    }

    private void said(Part.Text said, List<StreamEvent> events) {
        if (said.text().isEmpty() && said.extras().isEmpty()) {
            return;
        }
        open(Kind.TEXT, events);
        if (!said.text().isEmpty()) {
            events.add(new StreamEvent.TextDelta(index, open, said.text()));
        }
        if (text.length() <= MOST_TEXT) {
            text.append(said.text());
        }
        leftovers(said.extras(), open, events);
    }

    /** What stands beside a part's content, its signature above all. */
    private void leftovers(Extras extras, int part, List<StreamEvent> events) {
        extras.fields().forEach((name, value) -> {
            Opaque whole = new Opaque(Gemini.ID, extras.path(name), value);
            events.add(new StreamEvent.ForeignDelta(index, part, name, whole));
        });
    }

    private void thought(Part.Reasoning thought, List<StreamEvent> events) {
        open(Kind.THOUGHT, events);
        if (!thought.text().isEmpty()) {
            events.add(new StreamEvent.ReasoningDelta(index, open, thought.text()));
        }
        leftovers(thought.extras(), open, events);
        if (thought.proof() != null) {
            events.add(new StreamEvent.ReasoningProof(index, open, thought.proof()));
            close(events);
        }
    }

    private void call(Part.ToolCall call, int number, List<StreamEvent> events) {
        callsTools = true;
        events.add(new StreamEvent.ToolCallStart(index, number, call.id(), call.name()));
        if (!call.arguments().isEmpty()) {
            events.add(new StreamEvent.ToolCallDelta(index, number, call.arguments()));
        }
        leftovers(call.extras(), number, events);
        if (call.proof() != null) {
            events.add(new StreamEvent.ToolCallProof(index, number, call.proof()));
        }
    }

    private void open(Kind wanted, List<StreamEvent> events) {
        if (kind != wanted) {
            close(events);
            kind = wanted;
            open = parts++;
            text.setLength(0);
        }
    }

    private void close(List<StreamEvent> events) {
        if (open >= 0) {
            events.add(new StreamEvent.PartEnd(index, open));
            open = -1;
            kind = Kind.NONE;
        }
    }

    /** Whether the last that was said of it had a reason to finish. */
    boolean isFinished() {
        return FinishWords.says(reason);
    }

    /** Tells that the candidate is complete. */
    void finish(List<StreamEvent> events) {
        close(events);
        Extras extras = new Extras(Gemini.ID, "response.candidates[" + index + ']', left);
        events.add(new StreamEvent.Finish(index, FinishWords.read(reason, callsTools), extras));
    }
}
