package dev.tollgate.dialect;

import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the streams of several targets become one answer: what has been told of it, and how the events of a target that goes on
 * are told as if the first had sent them.
 */
/*
 * The white space at the end of what was told is not part of what a target goes on from (see Continuation.prefix), so the target
 * writes it again: as much of it as stands at the beginning of its text is left out. What a provider cuts off the beginning of
 * its text itself cannot be known.
 */
final class Seam {
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int NONE = -1;

    private static final String CHAT = "openai-chat";
    private static final Set<String> BESIDE = Set.of(
            "content_filter_results",
            "content_filter_offsets",
            "native_finish_reason",
            "token_ids",
            "matched_stop",
            "stop_reason",
            "seed");

    private final StringBuilder text = new StringBuilder();
    private boolean onlyText = true;
    private int parts;
    /** The text part that more text belongs to. */
    private int open = NONE;

    private boolean goesOn;
    private final Map<Integer, Integer> places = new HashMap<>();
    private int firstPlace;
    private String repeated = "";
    private Usage usedBefore = Usage.NONE;

    /** What has been told, as long as it is text and the text is not over; else null. */
    @Nullable
    String text() {
        return onlyText ? text.toString() : null;
    }

    /** From now on another target tells the rest. */
    void goOn(Usage used) {
        goesOn = true;
        places.clear();
        firstPlace = parts;
        String all = text.toString();
        repeated = all.substring(all.stripTrailing().length());
        usedBefore = used;
    }

    /** What is told of an event; null when nothing is. */
    @Nullable
    StreamEvent tell(StreamEvent event) {
        StreamEvent told = goesOn ? moved(event) : event;
        if (told != null) {
            note(told);
        }
        return told;
    }

    private void note(StreamEvent told) {
        if (told instanceof StreamEvent.OfPart piece) {
            parts = Math.max(parts, piece.part() + 1);
        }
        if (told instanceof StreamEvent.TextDelta delta && delta.choice() == 0) {
            open = delta.part();
            text.append(delta.text());
            onlyText &= text.length() <= LONGEST_TEXT;
        } else if (told instanceof StreamEvent.PartEnd end) {
            open = end.part() == open ? NONE : open;
        } else if (!(told instanceof StreamEvent.Start || told instanceof StreamEvent.UsageReport || isBeside(told))) {
            onlyText = false;
        }
        if (!onlyText) {
            text.setLength(0);
        }
    }

    /** Whether it is what servers of OpenAI's chat put beside a delta, which says nothing of the answer itself. */
    private static boolean isBeside(StreamEvent event) {
        if (!(event instanceof StreamEvent.ForeignDelta delta)
                || !delta.whole().dialect().equals(CHAT)) {
            return false;
        }
        boolean ofChunk = !delta.whole().at().startsWith("response.choices[");
        return ofChunk || BESIDE.contains(delta.type());
    }

    private @Nullable StreamEvent moved(StreamEvent event) {
        if (event instanceof StreamEvent.Start) {
            return null; // the answer has begun
        }
        if (event instanceof StreamEvent.ForeignDelta delta && isBeside(delta)) {
            return moved(delta, Math.max(0, open));
        }
        if (event instanceof StreamEvent.UsageReport report) {
            return new StreamEvent.UsageReport(usedBefore.plus(report.usage()));
        }
        if (event instanceof StreamEvent.TextDelta delta) {
            String rest = fresh(delta.text());
            return rest.isEmpty() ? null : new StreamEvent.TextDelta(delta.choice(), textPlace(delta.part()), rest);
        }
        if (event instanceof StreamEvent.PartEnd end) {
            Integer place = places.get(end.part());
            return place == null ? null : new StreamEvent.PartEnd(end.choice(), place);
        }
        return event instanceof StreamEvent.OfPart piece ? moved(piece, place(piece.part())) : event;
    }

    /** The text without what the caller has of it already. */
    private String fresh(String more) {
        int same = 0;
        while (same < more.length() && same < repeated.length() && more.charAt(same) == repeated.charAt(same)) {
            same++;
        }
        repeated = same == more.length() ? repeated.substring(same) : "";
        return more.substring(same);
    }

    /** The first text of a target that goes on belongs to the text that broke off. */
    private int textPlace(int part) {
        if (places.isEmpty() && open != NONE) {
            places.put(part, open);
        }
        return place(part);
    }

    private int place(int part) {
        return places.computeIfAbsent(part, each -> firstPlace + each);
    }

    private static StreamEvent moved(StreamEvent.OfPart piece, int part) {
        int choice = piece.choice();
        if (piece instanceof StreamEvent.ReasoningDelta delta) {
            return new StreamEvent.ReasoningDelta(choice, part, delta.text());
        }
        if (piece instanceof StreamEvent.ReasoningProof proof) {
            return new StreamEvent.ReasoningProof(choice, part, proof.proof());
        }
        if (piece instanceof StreamEvent.MediaPart media) {
            return new StreamEvent.MediaPart(choice, part, media.media());
        }
        if (piece instanceof StreamEvent.Cited cited) {
            return new StreamEvent.Cited(choice, part, cited.citation());
        }
        if (piece instanceof StreamEvent.ToolCallProof proof) {
            return new StreamEvent.ToolCallProof(choice, part, proof.proof());
        }
        if (piece instanceof StreamEvent.ToolCallStart start) {
            return new StreamEvent.ToolCallStart(choice, part, start.id(), start.name());
        }
        if (piece instanceof StreamEvent.ToolCallDelta delta) {
            return new StreamEvent.ToolCallDelta(choice, part, delta.arguments());
        }
        if (piece instanceof StreamEvent.DeclinedDelta delta) {
            return new StreamEvent.DeclinedDelta(choice, part, delta.text());
        }
        if (piece instanceof StreamEvent.ForeignDelta delta) {
            return new StreamEvent.ForeignDelta(choice, part, delta.type(), delta.whole());
        }
        throw new AssertionError(piece);
    }
}
