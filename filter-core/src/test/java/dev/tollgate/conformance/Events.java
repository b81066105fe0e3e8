package dev.tollgate.conformance;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A whole answer as the events of a stream, and the events of a stream as a whole answer. */
public final class Events {
    private Events() {}

    /** The answer, each of its texts in two pieces. */
    public static List<StreamEvent> of(ChatResponse answer) {
        List<StreamEvent> events = new ArrayList<>();
        events.add(new StreamEvent.Start(answer.id(), answer.model(), answer.created(), null, answer.extras()));
        for (Choice choice : answer.choices()) {
            int number = 0;
            for (Part part : choice.parts()) {
                addPart(events, choice.index(), number++, part);
            }
            if (!choice.chances().isEmpty()) {
                events.add(new StreamEvent.Chances(choice.index(), choice.chances()));
            }
            events.add(new StreamEvent.Finish(choice.index(), choice.finish(), Extras.NONE));
        }
        if (answer.usage() != null) {
            events.add(new StreamEvent.UsageReport(answer.usage()));
        }
        events.add(new StreamEvent.Done());
        return events;
    }

    private static void addPart(List<StreamEvent> events, int choice, int at, Part part) {
        if (part instanceof Part.Text text) {
            int half = text.text().length() / 2;
            events.add(new StreamEvent.TextDelta(choice, at, text.text().substring(0, half)));
            events.add(new StreamEvent.TextDelta(choice, at, text.text().substring(half)));
            text.citations().forEach(citation -> events.add(new StreamEvent.Cited(choice, at, citation)));
        } else if (part instanceof Part.Reasoning reasoning) {
            events.add(new StreamEvent.ReasoningDelta(choice, at, reasoning.text()));
            if (reasoning.proof() != null) {
                events.add(new StreamEvent.ReasoningProof(choice, at, reasoning.proof()));
            }
        } else if (part instanceof Part.ToolCall call) {
            int half = call.arguments().length() / 2;
            events.add(new StreamEvent.ToolCallStart(choice, at, call.id(), call.name()));
            events.add(
                    new StreamEvent.ToolCallDelta(choice, at, call.arguments().substring(0, half)));
            events.add(
                    new StreamEvent.ToolCallDelta(choice, at, call.arguments().substring(half)));
            if (call.proof() != null) {
                events.add(new StreamEvent.ToolCallProof(choice, at, call.proof()));
            }
        } else if (part instanceof Part.Declined declined) {
            events.add(new StreamEvent.DeclinedDelta(choice, at, declined.text()));
        } else if (part instanceof Part.Media media) {
            events.add(new StreamEvent.MediaPart(choice, at, media));
        } else {
            throw new AssertionError(part);
        }
        events.add(new StreamEvent.PartEnd(choice, at));
    }

    /** What the events add up to. */
    static ChatResponse gather(List<StreamEvent> events) {
        Map<Integer, Gathered> choices = new TreeMap<>();
        String id = "";
        String model = "";
        Usage usage = null;
        for (StreamEvent event : events) {
            if (event instanceof StreamEvent.Start start) {
                id = start.id();
                model = start.model();
                usage = start.usage();
            } else if (event instanceof StreamEvent.UsageReport report) {
                usage = report.usage();
            } else if (event instanceof StreamEvent.Finish finish) {
                at(choices, finish.choice()).finish = finish.reason();
            } else if (event instanceof StreamEvent.Chances chances) {
                at(choices, chances.choice()).chances.addAll(chances.chances());
            } else if (event instanceof StreamEvent.OfPart part) {
                at(choices, part.choice()).add(part);
            }
        }
        List<Choice> all = new ArrayList<>();
        choices.forEach((index, gathered) -> all.add(gathered.choice(index)));
        return new ChatResponse(id, model, null, all, usage, Extras.NONE);
    }

    private static Gathered at(Map<Integer, Gathered> choices, int index) {
        return choices.computeIfAbsent(index, key -> new Gathered());
    }

    private static final class Gathered {
        private final Map<Integer, Piece> pieces = new TreeMap<>();
        private final List<TokenChance> chances = new ArrayList<>();
        private FinishReason finish = new FinishReason(FinishReason.Kind.OTHER, "none", "");

        void add(StreamEvent.OfPart event) {
            Piece piece = pieces.computeIfAbsent(event.part(), key -> new Piece());
            if (event instanceof StreamEvent.TextDelta delta) {
                piece.text(Kind.TEXT, delta.text());
            } else if (event instanceof StreamEvent.ReasoningDelta delta) {
                piece.text(Kind.REASONING, delta.text());
            } else if (event instanceof StreamEvent.ReasoningProof proof) {
                piece.text(Kind.REASONING, "");
                piece.proof = proof.proof();
            } else if (event instanceof StreamEvent.DeclinedDelta delta) {
                piece.text(Kind.DECLINED, delta.text());
            } else if (event instanceof StreamEvent.ToolCallStart start) {
                piece.text(Kind.CALL, "");
                piece.id = start.id();
                piece.name = start.name();
            } else if (event instanceof StreamEvent.ToolCallDelta delta) {
                piece.text(Kind.CALL, delta.arguments());
            } else if (event instanceof StreamEvent.ToolCallProof proof) {
                piece.proof = proof.proof();
            } else if (event instanceof StreamEvent.Cited cited) {
                piece.text(Kind.TEXT, "");
                piece.citations.add(cited.citation());
            } else if (event instanceof StreamEvent.ForeignDelta delta) {
                piece.foreign = new Part.Foreign(delta.type(), delta.whole());
            } else if (event instanceof StreamEvent.MediaPart media) {
                piece.media = media.media();
            }
        }

        Choice choice(int index) {
            List<Part> parts = new ArrayList<>();
            pieces.values().forEach(piece -> piece.addTo(parts));
            return new Choice(index, parts, finish, chances, Extras.NONE);
        }
    }

    private enum Kind {
        TEXT,
        REASONING,
        DECLINED,
        CALL
    }

    private static final class Piece {
        private final StringBuilder text = new StringBuilder();
        private final List<Citation> citations = new ArrayList<>();
        private @Nullable Kind kind;
        private String id = "";
        private String name = "";
        private @Nullable Opaque proof;
        private Part.@Nullable Media media;
        private Part.@Nullable Foreign foreign;

        void text(Kind what, String more) {
            kind = what;
            text.append(more);
        }

        void addTo(List<Part> parts) {
            String said = text.toString();
            if (media != null) {
                parts.add(media);
            } else if (kind == null && foreign != null) {
                parts.add(foreign);
            } else if (kind == Kind.TEXT) {
                parts.add(new Part.Text(said, citations, null, Extras.NONE));
            } else if (kind == Kind.REASONING) {
                parts.add(new Part.Reasoning(said, proof, Extras.NONE));
            } else if (kind == Kind.DECLINED) {
                parts.add(new Part.Declined(said, Extras.NONE));
            } else if (kind == Kind.CALL) {
                parts.add(new Part.ToolCall(id, name, said, proof, null, Extras.NONE));
            }
        }
    }
}
