package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.TokenChance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One item of a streamed answer, and how much of it has been heard. What a "done" says beyond that is new.
 */
final class StreamItem {
    private final int index;
    private final List<StreamEvent> events;
    private final IntSupplier numbers;
    private final Map<Integer, Piece> texts = new LinkedHashMap<>();
    private final Map<Integer, Piece> refusals = new LinkedHashMap<>();
    private @Nullable Piece reasoning;
    private @Nullable Piece call;
    private boolean summarised;
    private int summary;
    private boolean done;

    /**
     * @param events where to put what is new
     * @param numbers the next number of a part
     */
    StreamItem(int index, List<StreamEvent> events, IntSupplier numbers) {
        this.index = index;
        this.events = events;
        this.numbers = numbers;
    }

    /** A part, and how many characters, annotations and chances of it have been heard. */
    private static final class Piece {
        final int part;
        long heard;
        int annotations;
        int chances;

        Piece(int part) {
            this.part = part;
        }

        /** What a whole text says beyond what was heard. */
        String unheard(String whole) {
            return heard >= whole.length() ? "" : whole.substring((int) heard);
        }
    }

    private Piece piece() {
        return new Piece(numbers.getAsInt());
    }

    boolean isCall() {
        return call != null;
    }

    /** The item begins, which calls say here what they are. */
    void added(JsonNode item) {
        if (item.path("type").asString("").equals("function_call")) {
            begin(item);
            arguments(item.path("arguments").asString(""));
        }
    }

    private Piece begin(JsonNode item) {
        if (call == null) {
            call = piece();
            String id = item.path("call_id").asString(item.path("id").asString(""));
            events.add(new StreamEvent.ToolCallStart(
                    0, call.part, id, item.path("name").asString("")));
        }
        return call;
    }

    void text(int content, String text) {
        if (!text.isEmpty()) {
            Piece piece = texts.computeIfAbsent(content, key -> piece());
            piece.heard += text.length();
            events.add(new StreamEvent.TextDelta(0, piece.part, text));
        }
    }

    void wholeText(int content, String text) {
        Piece piece = texts.get(content);
        text(content, piece == null ? text : piece.unheard(text));
    }

    void annotation(int content, JsonNode annotation) {
        Piece piece = texts.computeIfAbsent(content, key -> piece());
        String at = "response.output[" + index + "].content[" + content + "].annotations[" + piece.annotations++ + ']';
        events.add(new StreamEvent.Cited(0, piece.part, Annotations.one(annotation, at)));
    }

    void chances(int content, JsonNode logprobs) {
        List<TokenChance> chances = Logprobs.read(logprobs);
        if (!chances.isEmpty()) {
            texts.computeIfAbsent(content, key -> piece()).chances += chances.size();
            events.add(new StreamEvent.Chances(0, chances));
        }
    }

    void refusal(int content, String text) {
        if (!text.isEmpty()) {
            Piece piece = refusals.computeIfAbsent(content, key -> piece());
            piece.heard += text.length();
            events.add(new StreamEvent.DeclinedDelta(0, piece.part, text));
        }
    }

    void wholeRefusal(int content, String text) {
        Piece piece = refusals.get(content);
        refusal(content, piece == null ? text : piece.unheard(text));
    }

    /** More of a summary of the reasoning; its parts are kept apart by a blank line. */
    void summary(int number, String text) {
        if (reasoning != null && !summarised) {
            return; // the reasoning itself was heard
        }
        summarised = true;
        reason(number, text);
    }

    /** More of the reasoning itself, which counts where there is no summary. */
    void thought(int number, String text) {
        if (!summarised) {
            reason(number, text);
        }
    }

    private void reason(int number, String text) {
        if (text.isEmpty()) {
            return;
        }
        if (reasoning == null) {
            reasoning = piece();
            summary = number;
        }
        String told = number == summary ? text : "\n\n" + text;
        summary = number;
        reasoning.heard += told.length();
        events.add(new StreamEvent.ReasoningDelta(0, reasoning.part, told));
    }

    void arguments(String text) {
        if (call != null && !text.isEmpty()) {
            call.heard += text.length();
            events.add(new StreamEvent.ToolCallDelta(0, call.part, text));
        }
    }

    void wholeArguments(String text) {
        if (call != null) {
            arguments(call.unheard(text));
        }
    }

    /** The item is complete; nothing new if it was before. */
    void done(JsonNode item) {
        if (done) {
            return;
        }
        String type = item.path("type").asString("");
        switch (type) {
            case "message" -> message(item);
            case "reasoning" -> reasoning(item);
            case "function_call" -> {
                begin(item);
                wholeArguments(item.path("arguments").asString(""));
            }
            default -> foreign(type, item);
        }
        end();
    }

    private void message(JsonNode item) {
        int content = 0;
        for (JsonNode part : item.path("content")) {
            wholeText(content, part.path("text").asString(""));
            wholeRefusal(content, part.path("refusal").asString(""));
            annotations(content, part);
            content++;
        }
    }

    private void annotations(int content, JsonNode part) {
        Piece piece = texts.get(content);
        if (piece == null) {
            return;
        }
        List<JsonNode> annotations = new ArrayList<>();
        part.path("annotations").forEach(annotations::add);
        for (int i = piece.annotations; i < annotations.size(); i++) {
            annotation(content, annotations.get(i));
        }
        if (piece.chances == 0) {
            chances(content, part.path("logprobs"));
        }
    }

    private void reasoning(JsonNode item) {
        if (reasoning == null) {
            summarised = true;
            reason(0, ItemReader.text(item));
        }
        if (item.path("encrypted_content").isString()) {
            int part = reasoning == null ? numbers.getAsInt() : reasoning.part;
            String at = "response.output[" + index + "].encrypted_content";
            events.add(new StreamEvent.ReasoningProof(0, part, ItemReader.proof(item, at)));
            reasoning = reasoning == null ? new Piece(part) : reasoning;
        }
    }

    private void foreign(String type, JsonNode item) {
        String name = type.isEmpty() ? "item" : type;
        Opaque whole = new Opaque(OpenAiResponses.ID, "response.output[" + index + "]." + name, item);
        Piece piece = piece();
        events.add(new StreamEvent.ForeignDelta(0, piece.part, name, whole));
        events.add(new StreamEvent.PartEnd(0, piece.part));
    }

    /** Ends the item's parts. */
    void end() {
        if (done) {
            return;
        }
        done = true;
        texts.values().forEach(this::end);
        refusals.values().forEach(this::end);
        end(reasoning);
        end(call);
    }

    private void end(@Nullable Piece piece) {
        if (piece != null) {
            events.add(new StreamEvent.PartEnd(0, piece.part));
        }
    }
}
