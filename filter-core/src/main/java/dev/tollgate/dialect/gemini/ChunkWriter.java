package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one stream of chunks. A tool call is written whole, once its arguments are; the finish reasons and the usage, which
 * tell callers that the answer is whole, when the provider's is. After a failure it writes nothing more.
 */
final class ChunkWriter implements Dialect.EventWriter {
    /** The most arguments that are kept of the calls under way, in characters. */
    private static final int MOST_ARGUMENTS = 16 << 20;

    private static final FinishReason UNSAID = new FinishReason(FinishReason.Kind.OTHER, "", "");

    private final WriteTerms terms;
    private final ObjectNode early = JsonNodeFactory.instance.objectNode();
    private final Map<Integer, Candidate> candidates = new TreeMap<>();
    private String id = "";
    private String model = "";
    private @Nullable Usage usage;
    private boolean own;
    private boolean over;
    private int argued;

    ChunkWriter(WriteTerms terms) {
        this.terms = terms;
    }

    /** What is still to be said of one candidate. */
    private static final class Candidate {
        final AnswerPartWriter parts;
        final Map<Integer, Call> calls = new LinkedHashMap<>();
        final Map<Integer, Opaque> earlyProofs = new HashMap<>();
        final Map<Integer, StringBuilder> texts = new TreeMap<>();
        final Map<Integer, List<Citation>> citations = new TreeMap<>();
        FinishReason finish = UNSAID;
        boolean declines;
        Extras extras = Extras.NONE;

        Candidate(AnswerPartWriter parts) {
            this.parts = parts;
        }
    }

    private static final class Call {
        final StreamEvent.ToolCallStart start;
        final StringBuilder arguments = new StringBuilder();

        @Nullable
        Opaque proof;

        Call(StreamEvent.ToolCallStart start) {
            this.start = start;
        }
    }

    @Override
    public List<Frame> write(StreamEvent event) throws BadAnswer {
        List<Frame> frames = new ArrayList<>(1);
        if (over) {
            return frames;
        }
        if (event instanceof StreamEvent.OfPart piece) {
            piece(piece, candidate(piece.choice()), frames);
        } else if (event instanceof StreamEvent.Start start) {
            start(start);
        } else if (event instanceof StreamEvent.UsageReport report) {
            usage = report.usage();
        } else if (event instanceof StreamEvent.Chances chances) {
            chances(chances, frames);
        } else if (event instanceof StreamEvent.Finish finish) {
            finish(finish, frames);
        } else if (event instanceof StreamEvent.Done) {
            done(frames);
        } else if (event instanceof StreamEvent.Failed) {
            over = true;
        } else {
            throw new AssertionError(event);
        }
        return frames;
    }

    private void start(StreamEvent.Start start) {
        own = start.extras().isFrom(Gemini.ID);
        id = start.id();
        model = start.model();
        usage = start.usage();
        terms.carry(start.extras(), Gemini.ID, early);
    }

    private Candidate candidate(int index) {
        return candidates.computeIfAbsent(
                index, key -> new Candidate(new AnswerPartWriter(terms, own, new CallIds(id + '/' + key))));
    }

    private void piece(StreamEvent.OfPart piece, Candidate candidate, List<Frame> frames) throws BadAnswer {
        if (piece instanceof StreamEvent.TextDelta delta) {
            text(delta, candidate, frames);
        } else if (piece instanceof StreamEvent.DeclinedDelta delta) {
            candidate.declines = true;
            part(piece, node().put("text", delta.text()), frames);
        } else if (piece instanceof StreamEvent.ReasoningDelta delta) {
            part(piece, node().put("text", delta.text()).put("thought", true), frames);
        } else if (piece instanceof StreamEvent.ReasoningProof proof) {
            ObjectNode part = node().put("text", "").put("thought", true);
            Signatures.show(proof.proof(), part, terms);
            part(piece, part, frames);
        } else if (piece instanceof StreamEvent.MediaPart media) {
            part(piece, candidate.parts.media(media.media()), frames);
        } else if (piece instanceof StreamEvent.Cited cited) {
            candidate
                    .citations
                    .computeIfAbsent(cited.part(), key -> new ArrayList<>())
                    .add(cited.citation());
        } else if (piece instanceof StreamEvent.ForeignDelta foreign) {
            foreign(foreign, frames);
        } else {
            call(piece, candidate, frames);
        }
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private void text(StreamEvent.TextDelta delta, Candidate candidate, List<Frame> frames) {
        if (!own) {
            candidate
                    .texts
                    .computeIfAbsent(delta.part(), key -> new StringBuilder())
                    .append(delta.text());
        }
        if (!delta.text().isEmpty()) {
            part(delta, node().put("text", delta.text()), frames);
        }
    }

    /** A piece of a tool call, or the end of a part. */
    private void call(StreamEvent.OfPart piece, Candidate candidate, List<Frame> frames) throws BadAnswer {
        Call call = candidate.calls.get(piece.part());
        if (piece instanceof StreamEvent.ToolCallStart start) {
            call = new Call(start);
            call.proof = candidate.earlyProofs.remove(piece.part());
            candidate.calls.put(piece.part(), call);
        } else if (call == null && piece instanceof StreamEvent.ToolCallProof proof) {
            candidate.earlyProofs.put(piece.part(), proof.proof());
        } else if (call == null) {
            late(piece);
        } else if (piece instanceof StreamEvent.ToolCallDelta delta) {
            argued += delta.arguments().length();
            if (argued > MOST_ARGUMENTS) {
                over = true;
                throw new BadAnswer("the arguments of the provider's tool calls are longer than can be kept");
            }
            call.arguments.append(delta.arguments());
        } else if (piece instanceof StreamEvent.ToolCallProof proof) {
            call.proof = proof.proof();
        } else if (piece instanceof StreamEvent.PartEnd) {
            candidate.calls.remove(piece.part());
            call(piece.choice(), call, frames);
        } else {
            throw new AssertionError(piece);
        }
    }

    private void late(StreamEvent.OfPart piece) {
        if (piece instanceof StreamEvent.ToolCallDelta delta
                && !delta.arguments().isBlank()) {
            terms.dropped("response.choices[].delta.tool_calls[]");
        }
    }

    private void call(int choice, Call call, List<Frame> frames) {
        argued -= call.arguments.length();
        Part.ToolCall whole = new Part.ToolCall(
                call.start.id(), call.start.name(), call.arguments.toString(), call.proof, null, Extras.NONE);
        part(choice, candidate(choice).parts.part(whole), frames);
    }

    private void foreign(StreamEvent.ForeignDelta foreign, List<Frame> frames) {
        Opaque whole = foreign.whole();
        if (!whole.isFrom(Gemini.ID)) {
            terms.dropped(whole);
        } else if (!whole.at().startsWith("response.candidates")) {
            early.set(foreign.type(), whole.value());
        } else if (foreign.type().equals(Signatures.MEMBER)) {
            ObjectNode part = node().put("text", "");
            part.set(Signatures.MEMBER, whole.value());
            part(foreign, part, frames);
        } else if (whole.value() instanceof ObjectNode part && part.has(foreign.type())) {
            part(foreign, part, frames);
        } else {
            terms.dropped(whole);
        }
    }

    private void part(StreamEvent.OfPart piece, @Nullable ObjectNode part, List<Frame> frames) {
        part(piece.choice(), part, frames);
    }

    private void part(int choice, @Nullable ObjectNode part, List<Frame> frames) {
        if (part != null) {
            ObjectNode candidate = node();
            content(candidate).withArray("parts").add(part);
            frames.add(frame(chunk(candidate.put("index", choice))));
        }
    }

    private static ObjectNode content(ObjectNode candidate) {
        ObjectNode content = candidate.putObject("content");
        content.putArray("parts");
        return content.put("role", "model");
    }

    private void chances(StreamEvent.Chances chances, List<Frame> frames) {
        candidate(chances.choice());
        ObjectNode candidate = node();
        content(candidate);
        LogProbs.write(chances.chances(), candidate);
        frames.add(frame(chunk(candidate.put("index", chances.choice()))));
    }

    private void finish(StreamEvent.Finish finish, List<Frame> frames) {
        Candidate candidate = candidate(finish.choice());
        candidate.calls.values().forEach(call -> call(finish.choice(), call, frames));
        candidate.calls.clear();
        candidate.finish = finish.reason();
        candidate.extras = finish.extras();
    }

    private void done(List<Frame> frames) {
        over = true;
        List<ObjectNode> last = new ArrayList<>();
        candidates.forEach((index, candidate) -> {
            boolean blocked = own && candidate.extras.at().equals(ResponseReader.BLOCKED);
            last.add(blocked ? chunk(null) : chunk(ending(index, candidate)));
        });
        if (last.isEmpty()) {
            last.add(chunk(ending(0, candidate(0))));
        }
        if (usage != null) {
            last.get(last.size() - 1).set("usageMetadata", UsageFields.write(usage, terms));
        }
        last.forEach(chunk -> frames.add(frame(chunk)));
    }

    private ObjectNode ending(int index, Candidate candidate) {
        ObjectNode node = node();
        content(node);
        node.put("finishReason", FinishWords.write(candidate.finish, own, candidate.declines))
                .put("index", index);
        if (!own) {
            Map<Integer, String> texts = new TreeMap<>();
            candidate.texts.forEach((part, text) -> texts.put(part, text.toString()));
            Grounding.write(candidate.citations, texts, node);
        }
        terms.carry(candidate.extras, Gemini.ID, node);
        return node;
    }

    private ObjectNode chunk(@Nullable ObjectNode candidate) {
        ObjectNode chunk = node();
        if (candidate != null) {
            chunk.putArray("candidates").add(candidate);
        }
        chunk.put("modelVersion", model).put("responseId", id);
        chunk.setAll(early);
        early.removeAll();
        return chunk;
    }

    private static Frame frame(JsonNode chunk) {
        return new Frame(null, Json.text(chunk));
    }
}
