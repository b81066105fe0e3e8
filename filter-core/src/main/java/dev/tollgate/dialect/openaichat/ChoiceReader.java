package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.ToolIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads one alternative answer of a stream.
 *
 * <p>Text of one kind forms one part until another kind begins. Tool calls are told apart by their index and stay open until
 * the end, since their arguments may come interleaved.
 */
final class ChoiceReader {
    /** The most arguments of a tool call that are kept until its name comes, in characters. */
    private static final int MOST_EARLY = 256 * 1024;

    /** What kind of text the open part holds. */
    private enum Kind {
        TEXT,
        REASONING,
        REFUSAL
    }

    private final int index;
    private final String answer;
    private final List<Call> calls = new ArrayList<>();
    private final Map<Integer, Call> byIndex = new HashMap<>();
    private int parts;
    private boolean finished;
    private boolean plainlyReasoned;
    private int open = -1;
    private @Nullable Kind kind;

    ChoiceReader(int index, String answer) {
        this.index = index;
        this.answer = answer;
    }

    /** A tool call under way; its name may come after its first arguments. */
    private static final class Call {
        final int part;
        final String id;
        final StringBuilder early = new StringBuilder();
        boolean begun;

        Call(int part, String id) {
            this.part = part;
            this.id = id;
        }
    }

    void read(JsonNode choice, List<StreamEvent> events) throws BadAnswer {
        delta(choice.path("delta"), events);
        String finish = "";
        Map<String, JsonNode> left = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : choice.properties()) {
            switch (member.getKey()) {
                case "index", "delta", ChunkReader.PADDING -> {}
                case "finish_reason" -> finish = member.getValue().asString("");
                case Chances.MEMBER -> {
                    List<TokenChance> chances = Chances.read(member.getValue());
                    if (chances != null) {
                        events.add(new StreamEvent.Chances(index, chances));
                    } else if (ChunkReader.says(member.getValue())) {
                        left.put(member.getKey(), member.getValue());
                    }
                }
                default -> {
                    if (ChunkReader.says(member.getValue())) {
                        left.put(member.getKey(), member.getValue());
                    }
                }
            }
        }
        if (finish.isEmpty() || finished) {
            // OpenRouter says it again with the usage.
            left.forEach((name, value) -> foreign(name, value, events));
        } else {
            finished = true;
            endParts(events);
            Extras extras = new Extras(OpenAiChat.ID, path(), left);
            events.add(new StreamEvent.Finish(index, FinishWords.read(finish), extras));
        }
    }

    private String path() {
        return "response.choices[" + index + ']';
    }

    private void foreign(String name, JsonNode value, List<StreamEvent> events) {
        Opaque whole = new Opaque(OpenAiChat.ID, path() + '.' + name, value);
        events.add(new StreamEvent.ForeignDelta(index, Math.max(open, 0), name, whole));
    }

    private void delta(JsonNode delta, List<StreamEvent> events) throws BadAnswer {
        boolean content = isText(delta.path("reasoning_content"));
        plainlyReasoned |= content || isText(delta.path("reasoning"));
        for (Map.Entry<String, JsonNode> member : delta.properties()) {
            JsonNode value = member.getValue();
            switch (member.getKey()) {
                case "role" -> {}
                case "reasoning_content" -> text(Kind.REASONING, value.asString(""), events);
                case "reasoning" -> text(Kind.REASONING, content ? "" : value.asString(""), events);
                case "content" -> content(value, events);
                case "refusal" -> text(Kind.REFUSAL, value.asString(""), events);
                case "tool_calls" -> calls(value, events);
                default -> leftover(member.getKey(), value, events);
            }
        }
    }

    private static boolean isText(JsonNode value) {
        return value.isString() && !value.stringValue().isEmpty();
    }

    /** A member of the delta nobody knows. Structured reasoning is read for its text where it comes without a plain one. */
    private void leftover(String name, JsonNode value, List<StreamEvent> events) {
        if (!ChunkReader.says(value)) {
            return;
        }
        if (name.equals(Annotations.MEMBER) && value.isArray()) {
            cite(value, events);
            return;
        }
        if (name.equals(MessageReader.IMAGES) && value.isArray() && images(value, events)) {
            return;
        }
        boolean details = name.equals(MessageReader.REASONING_DETAILS);
        if (details && !plainlyReasoned) {
            value.forEach(detail -> text(Kind.REASONING, Carriers.text(detail), events));
        }
        if (details && Carriers.prove(value)) {
            prove(value, events);
        } else {
            foreign("delta." + name, value, events);
        }
    }

    private void cite(JsonNode annotations, List<StreamEvent> events) {
        if (kind != Kind.TEXT) {
            endText(events);
            kind = Kind.TEXT;
            open = parts++;
        }
        Annotations.read(annotations, path() + ".delta." + Annotations.MEMBER)
                .forEach(citation -> events.add(new StreamEvent.Cited(index, open, citation)));
    }

    /** Takes images that the model made; false where they are something else. */
    private boolean images(JsonNode images, List<StreamEvent> events) {
        List<Part.Media> read = new ArrayList<>();
        for (JsonNode image : images) {
            Part.Media media = MessageReader.image(image, path() + ".delta." + MessageReader.IMAGES);
            if (media == null) {
                return false;
            }
            read.add(media);
        }
        endText(events);
        for (Part.Media media : read) {
            events.add(new StreamEvent.MediaPart(index, parts, media));
            events.add(new StreamEvent.PartEnd(index, parts++));
        }
        return true;
    }

    /** A proof belongs to the reasoning it comes with, or is one that is not shown. */
    private void prove(JsonNode details, List<StreamEvent> events) {
        boolean shown = kind == Kind.REASONING;
        if (!shown) {
            endText(events);
        }
        int part = shown ? open : parts++;
        Opaque proof = new Opaque(OpenAiChat.ID, path() + ".delta." + Carriers.DETAILS, details);
        events.add(new StreamEvent.ReasoningProof(index, part, proof));
        if (!shown) {
            events.add(new StreamEvent.PartEnd(index, part));
        }
    }

    private void content(JsonNode content, List<StreamEvent> events) {
        if (!content.isArray()) {
            text(Kind.TEXT, content.asString(""), events);
            return;
        }
        for (JsonNode part : content) {
            if (part.path("type").asString("").equals("thinking")) {
                text(Kind.REASONING, PartReader.thought(part), events);
            } else {
                text(Kind.TEXT, part.path("text").asString(""), events);
            }
        }
    }

    private void text(Kind wanted, String text, List<StreamEvent> events) {
        if (text.isEmpty()) {
            return;
        }
        if (kind != wanted) {
            endText(events);
            kind = wanted;
            open = parts++;
        }
        switch (wanted) {
            case TEXT -> events.add(new StreamEvent.TextDelta(index, open, text));
            case REASONING -> events.add(new StreamEvent.ReasoningDelta(index, open, text));
            case REFUSAL -> events.add(new StreamEvent.DeclinedDelta(index, open, text));
        }
    }

    private void calls(JsonNode pieces, List<StreamEvent> events) throws BadAnswer {
        for (JsonNode piece : pieces) {
            call(piece, events);
        }
    }

    private void call(JsonNode piece, List<StreamEvent> events) throws BadAnswer {
        JsonNode function = piece.path("function");
        String name = function.path("name").asString("");
        String arguments = function.path("arguments").asString("");
        Call call = callOf(piece, name, events);
        Opaque proof = Carriers.proofOfCall(
                piece.path(Carriers.EXTRA_CONTENT), path() + ".delta.tool_calls[]." + Carriers.EXTRA_CONTENT);
        if (proof != null) {
            events.add(new StreamEvent.ToolCallProof(index, call.part, proof));
        }
        if (!call.begun && !name.isEmpty()) {
            call.begun = true;
            events.add(new StreamEvent.ToolCallStart(index, call.part, call.id, name));
            arguments = call.early + arguments;
        }
        if (!call.begun) {
            if (call.early.length() + arguments.length() > MOST_EARLY) {
                throw new BadAnswer("the arguments of a tool call come without its name");
            }
            call.early.append(arguments);
        } else if (!arguments.isEmpty()) {
            events.add(new StreamEvent.ToolCallDelta(index, call.part, arguments));
        }
    }

    /** The call a piece belongs to. Some providers give no index, or the same to all calls: then a new id is a new call. */
    private Call callOf(JsonNode piece, String name, List<StreamEvent> events) {
        String id = piece.path("id").asString("");
        int place = piece.path("index").asInt(id.isEmpty() ? calls.size() - 1 : calls.size());
        Call known = byIndex.get(place);
        boolean another = known != null && !name.isEmpty() && !id.isEmpty() && !id.equals(known.id);
        if (known != null && !another) {
            return known;
        }
        endText(events);
        Call call = new Call(parts++, id.isEmpty() ? ToolIds.made(answer, index, calls.size()) : id);
        calls.add(call);
        byIndex.put(place, call);
        return call;
    }

    private void endText(List<StreamEvent> events) {
        if (open >= 0) {
            events.add(new StreamEvent.PartEnd(index, open));
            open = -1;
            kind = null;
        }
    }

    /** Ends whatever is open. */
    void endParts(List<StreamEvent> events) {
        endText(events);
        for (Call call : calls) {
            events.add(new StreamEvent.PartEnd(index, call.part));
        }
        calls.clear();
        byIndex.clear();
    }
}
