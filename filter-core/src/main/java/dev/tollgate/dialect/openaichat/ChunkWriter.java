package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.Seal;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one stream of chunks: the role in the first delta, tool calls by index with id and name in their first, the finish
 * reason, usage in a chunk without choices if the caller asked for it, and {@code [DONE]}. After a failure it writes nothing
 * more, and above all no mark of success.
 */
final class ChunkWriter implements Dialect.EventWriter {
    private static final Frame DONE = new Frame(null, ChunkReader.END);

    private final boolean usageWanted;
    private final WriteTerms terms;
    private final InstantSource clock;
    private final Map<Integer, Choice> choices = new HashMap<>();
    private String id = "";
    private String model = "";
    private long created;
    private @Nullable Usage usage;
    private boolean over;

    ChunkWriter(boolean usageWanted, WriteTerms terms, InstantSource clock) {
        this.usageWanted = usageWanted;
        this.terms = terms;
        this.clock = clock;
    }

    /** What has been said of one alternative answer: whether its role was, and how many arguments each call got. */
    private static final class Choice {
        boolean begun;
        final Map<Integer, Call> calls = new HashMap<>();
        final Map<Integer, JsonNode> earlyProofs = new HashMap<>();
        final Thoughts thoughts = new Thoughts();
        int proofs;
        int textPart = -1;
        long textFrom;
        long textTo;

        /** Counts the text, since sources are told by its places. */
        void written(StreamEvent.TextDelta delta) {
            if (delta.part() != textPart) {
                textPart = delta.part();
                textFrom = textTo;
            }
            textTo += delta.text().length();
        }
    }

    private static final class Call {
        final int index;
        boolean argued;

        Call(int index) {
            this.index = index;
        }
    }

    @Override
    public List<Frame> write(StreamEvent event) {
        List<Frame> frames = new ArrayList<>(2);
        if (!over) {
            write(event, frames);
        }
        return frames;
    }

    private void write(StreamEvent event, List<Frame> frames) {
        if (event instanceof StreamEvent.TextDelta text) {
            choice(text.choice()).written(text);
            delta(text.choice(), "content", text.text(), frames);
        } else if (event instanceof StreamEvent.ReasoningDelta text) {
            choice(text.choice()).thoughts.add(text);
            delta(text.choice(), "reasoning_content", text.text(), frames);
        } else if (event instanceof StreamEvent.DeclinedDelta text) {
            delta(text.choice(), "refusal", text.text(), frames);
        } else if (event instanceof StreamEvent.ToolCallStart start) {
            call(start, frames);
        } else if (event instanceof StreamEvent.ToolCallDelta arguments) {
            arguments(arguments, frames);
        } else if (event instanceof StreamEvent.PartEnd end) {
            end(end, frames);
        } else if (event instanceof StreamEvent.Start start) {
            start(start, frames);
        } else if (event instanceof StreamEvent.Finish finish) {
            finish(finish, frames);
        } else if (event instanceof StreamEvent.UsageReport report) {
            usage = report.usage();
        } else if (event instanceof StreamEvent.ReasoningProof proof) {
            prove(proof, frames);
        } else if (event instanceof StreamEvent.ToolCallProof proof) {
            prove(proof, frames);
        } else if (event instanceof StreamEvent.ForeignDelta foreign) {
            foreign(foreign, frames);
        } else if (event instanceof StreamEvent.Cited cited) {
            cite(cited, frames);
        } else if (event instanceof StreamEvent.Chances chances) {
            chances(chances, frames);
        } else if (event instanceof StreamEvent.MediaPart media) {
            image(media, frames);
        } else if (event instanceof StreamEvent.Done) {
            done(frames);
        } else if (event instanceof StreamEvent.Failed) {
            over = true;
        } else {
            throw new AssertionError(event);
        }
    }

    private void start(StreamEvent.Start start, List<Frame> frames) {
        id = start.id();
        model = start.model();
        created = ResponseWriter.created(start.created(), clock);
        usage = start.usage();
        ObjectNode delta = begin(0);
        if (delta != null) {
            ObjectNode chunk = chunk(0, delta.put("content", ""));
            terms.carry(start.extras(), OpenAiChat.ID, chunk);
            frames.add(frame(chunk));
        }
    }

    private Choice choice(int index) {
        return choices.computeIfAbsent(index, key -> new Choice());
    }

    /** A delta that begins an answer, or null when it has begun. */
    private @Nullable ObjectNode begin(int index) {
        Choice choice = choice(index);
        if (choice.begun) {
            return null;
        }
        choice.begun = true;
        return JsonNodeFactory.instance.objectNode().put("role", "assistant");
    }

    private ObjectNode delta(int index) {
        ObjectNode first = begin(index);
        return first == null ? JsonNodeFactory.instance.objectNode() : first;
    }

    private void delta(int index, String member, String text, List<Frame> frames) {
        frames.add(frame(chunk(index, delta(index).put(member, text))));
    }

    private void call(StreamEvent.ToolCallStart start, List<Frame> frames) {
        Map<Integer, Call> calls = choice(start.choice()).calls;
        Call call = new Call(calls.size());
        calls.put(start.part(), call);
        ObjectNode delta = delta(start.choice());
        ObjectNode node = delta.putArray("tool_calls").addObject().put("index", call.index);
        node.put("id", start.id()).put("type", "function");
        node.putObject("function").put("name", start.name()).put("arguments", "");
        JsonNode proof = choice(start.choice()).earlyProofs.remove(start.part());
        if (proof != null) {
            node.set(Carriers.EXTRA_CONTENT, proof);
        }
        frames.add(frame(chunk(start.choice(), delta)));
    }

    private void arguments(StreamEvent.ToolCallDelta piece, List<Frame> frames) {
        Call call = choice(piece.choice()).calls.get(piece.part());
        if (call != null && !piece.arguments().isEmpty()) {
            call.argued = true;
            argue(piece.choice(), call, piece.arguments(), frames);
        }
    }

    private void argue(int choice, Call call, String arguments, List<Frame> frames) {
        ObjectNode delta = delta(choice);
        ObjectNode node = delta.putArray("tool_calls").addObject().put("index", call.index);
        node.putObject("function").put("arguments", arguments);
        frames.add(frame(chunk(choice, delta)));
    }

    /** A call without arguments is a call with none: callers parse them as JSON. */
    private void end(StreamEvent.PartEnd end, List<Frame> frames) {
        Call call = choice(end.choice()).calls.get(end.part());
        if (call != null && !call.argued) {
            call.argued = true;
            argue(end.choice(), call, "{}", frames);
        }
    }

    /** The maker's proof of a thought, with the thought's text, since clients send back the one or the other. */
    private void prove(StreamEvent.ReasoningProof piece, List<Frame> frames) {
        Opaque proof = piece.proof();
        ObjectNode delta = delta(piece.choice());
        Choice choice = choice(piece.choice());
        if (!proof.isFrom(OpenAiChat.ID)) {
            String seal = Seal.close(proof, terms.providerFamily());
            boolean shown = choice.thoughts.isShown(piece.part());
            delta.withArray(Carriers.DETAILS)
                    .add(Carriers.detail(choice.thoughts.take(piece.part()), shown, seal, choice.proofs++));
        } else if (proof.value().isArray()) {
            delta.set(Carriers.DETAILS, proof.value());
        } else {
            terms.dropped(proof);
            return;
        }
        frames.add(frame(chunk(piece.choice(), delta)));
    }

    private void cite(StreamEvent.Cited cited, List<Frame> frames) {
        Choice choice = choice(cited.choice());
        long from = cited.part() == choice.textPart ? choice.textFrom : choice.textTo;
        JsonNode annotation = Annotations.write(cited.citation(), from, choice.textTo, terms);
        if (annotation != null) {
            ObjectNode delta = delta(cited.choice());
            delta.putArray(Annotations.MEMBER).add(annotation);
            frames.add(frame(chunk(cited.choice(), delta)));
        }
    }

    private void chances(StreamEvent.Chances chances, List<Frame> frames) {
        ObjectNode chunk = chunk(chances.choice(), delta(chances.choice()));
        ((ObjectNode) chunk.path("choices").get(0)).set(Chances.MEMBER, Chances.write(chances.chances()));
        frames.add(frame(chunk));
    }

    private void image(StreamEvent.MediaPart piece, List<Frame> frames) {
        ObjectNode image = new PartWriter(terms, true).made(piece.media());
        if (image != null) {
            ObjectNode delta = delta(piece.choice());
            delta.putArray(MessageReader.IMAGES).add(image);
            frames.add(frame(chunk(piece.choice(), delta)));
        }
    }

    private void prove(StreamEvent.ToolCallProof piece, List<Frame> frames) {
        Choice choice = choice(piece.choice());
        JsonNode extra = Carriers.extraContent(piece.proof(), terms.providerFamily());
        Call call = choice.calls.get(piece.part());
        if (call == null) {
            choice.earlyProofs.put(piece.part(), extra);
            return;
        }
        ObjectNode delta = delta(piece.choice());
        ObjectNode node = delta.putArray("tool_calls").addObject().put("index", call.index);
        node.putObject("function").put("arguments", ""); // SDKs look for it in every piece
        node.set(Carriers.EXTRA_CONTENT, extra);
        frames.add(frame(chunk(piece.choice(), delta)));
    }

    private void finish(StreamEvent.Finish finish, List<Frame> frames) {
        ObjectNode chunk = chunk(finish.choice(), delta(finish.choice()));
        ObjectNode choice = (ObjectNode) chunk.path("choices").get(0);
        choice.put("finish_reason", FinishWords.write(finish.reason()));
        terms.carry(finish.extras(), OpenAiChat.ID, choice);
        frames.add(frame(chunk));
    }

    private void foreign(StreamEvent.ForeignDelta foreign, List<Frame> frames) {
        Opaque whole = foreign.whole();
        if (!whole.isFrom(OpenAiChat.ID)) {
            terms.dropped(whole);
            return;
        }
        ObjectNode chunk = chunk(foreign.choice(), JsonNodeFactory.instance.objectNode());
        ObjectNode choice = (ObjectNode) chunk.path("choices").get(0);
        if (!whole.at().startsWith("response.choices")) {
            chunk.putArray("choices");
            chunk.set(foreign.type(), whole.value());
        } else if (foreign.type().startsWith("delta.")) {
            delta(choice).set(foreign.type().substring("delta.".length()), whole.value());
        } else {
            choice.set(foreign.type(), whole.value());
        }
        frames.add(frame(chunk));
    }

    private static ObjectNode delta(ObjectNode choice) {
        return (ObjectNode) choice.path("delta");
    }

    private void done(List<Frame> frames) {
        over = true;
        if (usageWanted && usage != null) {
            ObjectNode chunk = chunk();
            chunk.putArray("choices");
            chunk.set("usage", UsageFields.write(usage, terms));
            frames.add(frame(chunk));
        }
        frames.add(DONE);
    }

    private ObjectNode chunk() {
        ObjectNode chunk = JsonNodeFactory.instance.objectNode();
        return chunk.put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created)
                .put("model", model);
    }

    private ObjectNode chunk(int index, ObjectNode delta) {
        ObjectNode chunk = chunk();
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
        choice.set("delta", delta);
        choice.putNull("finish_reason");
        return chunk;
    }

    private static Frame frame(JsonNode chunk) {
        return new Frame(null, Json.text(chunk));
    }
}
