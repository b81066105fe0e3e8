package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads one stream of events. Its last is the metadata with the usage, which comes after the stop reason. */
final class ConverseEventReader implements Dialect.EventReader {
    /** What the name of a frame begins with that is an exception. */
    static final String EXCEPTION = "exception:";

    /** Hides the length of the text from who reads along; it means nothing. */
    private static final String PADDING = "p";

    private static final Set<String> METADATA = Set.of("usage", "metrics", PADDING);

    private final Set<Integer> foreign = new HashSet<>();
    private final Map<Integer, String> imageFormats = new HashMap<>();
    private final List<StreamEvent> events = new ArrayList<>(2);

    @Override
    public List<StreamEvent> read(Frame frame) throws BadAnswer {
        if (frame.event() == null) {
            return List.of();
        }
        events.clear();
        read(frame.event(), frame.object("an event"));
        return List.copyOf(events);
    }

    private void read(String type, JsonNode event) {
        if (type.startsWith(EXCEPTION)) {
            String message = event.path("message").asString("the provider gave no message");
            events.add(new StreamEvent.Failed(type.substring(EXCEPTION.length()), null, message));
            return;
        }
        int index = event.path("contentBlockIndex").asInt(0);
        switch (type) {
            case "messageStart" ->
                events.add(new StreamEvent.Start(
                        "",
                        "",
                        null,
                        null,
                        new Extras(Bedrock.ID, "response", Fields.others(event, Set.of("role", PADDING)))));
            case "contentBlockStart" -> start(event.path("start"), index);
            case "contentBlockDelta" -> delta(event.path("delta"), index);
            case "contentBlockStop" -> events.add(new StreamEvent.PartEnd(0, index));
            case "messageStop" -> stop(event);
            case "metadata" -> metadata(event);
            default -> {
                // "initial-response" and whatever is added says nothing of the answer
            }
        }
    }

    private void start(JsonNode start, int index) {
        JsonNode use = start.path("toolUse");
        if (use.isObject() && !use.path("type").asString("").equals("server_tool_use")) {
            events.add(new StreamEvent.ToolCallStart(
                    0,
                    index,
                    use.path("toolUseId").asString(""),
                    use.path("name").asString("")));
        } else if (start.path("image").isObject()) {
            imageFormats.put(index, start.path("image").path("format").asString(""));
        } else {
            foreign.add(index);
            foreign("start", start, index);
        }
    }

    /** A piece of a block that only this dialect knows: a tool that Bedrock runs, and what it answered. */
    private void foreign(String member, JsonNode value, int index) {
        String type =
                value.isEmpty() ? "block" : value.propertyNames().iterator().next();
        JsonNode whole = ContentWriter.object().set(member, value);
        events.add(new StreamEvent.ForeignDelta(0, index, type, new Opaque(Bedrock.ID, path(type), whole)));
    }

    private static String path(String member) {
        return "response.output.message.content[]." + member;
    }

    private void delta(JsonNode delta, int index) {
        if (foreign.contains(index)) {
            foreign("delta", delta, index);
            return;
        }
        for (Map.Entry<String, JsonNode> member : delta.properties()) {
            JsonNode value = member.getValue();
            switch (member.getKey()) {
                case "text" -> text(value.asString(""), index);
                case "toolUse" -> arguments(value.path("input").asString(""), index);
                case "reasoningContent" -> reasoning(value, index);
                case "citation" ->
                    events.add(new StreamEvent.Cited(
                            0, index, CitationFields.read(value, path("citationsContent.citations[]"))));
                case "image" -> image(value, index);
                default -> foreign("delta", delta, index);
            }
        }
    }

    private void text(String text, int index) {
        if (!text.isEmpty()) {
            events.add(new StreamEvent.TextDelta(0, index, text));
        }
    }

    private void arguments(String json, int index) {
        if (!json.isEmpty()) {
            events.add(new StreamEvent.ToolCallDelta(0, index, json));
        }
    }

    private void reasoning(JsonNode piece, int index) {
        String text = piece.path("text").asString("");
        if (!text.isEmpty()) {
            events.add(new StreamEvent.ReasoningDelta(0, index, text));
        }
        JsonNode signature = piece.path("signature");
        if (!signature.asString("").isEmpty()) {
            proof(path("reasoningContent.reasoningText.signature"), signature, index);
        }
        if (piece.has("redactedContent")) {
            proof(path("reasoningContent.redactedContent"), piece, index);
        }
    }

    private void proof(String at, JsonNode value, int index) {
        events.add(new StreamEvent.ReasoningProof(0, index, new Opaque(Bedrock.ID, at, value)));
    }

    private void image(JsonNode image, int index) {
        String bytes = image.path("source").path("bytes").asString("");
        if (!bytes.isEmpty()) {
            String type = "image/" + imageFormats.getOrDefault(index, "png");
            Part.Source source = new Part.Source.Inline(type, bytes);
            Extras place = new Extras(Bedrock.ID, path("image"), Map.of());
            Part.Media media = new Part.Media(Part.MediaKind.IMAGE, source, null, null, place);
            events.add(new StreamEvent.MediaPart(0, index, media));
        }
    }

    private void stop(JsonNode event) {
        Map<String, JsonNode> others = Fields.others(event, Set.of("stopReason", PADDING));
        String sequence = ResponseReader.sequence(others.get("additionalModelResponseFields"));
        events.add(new StreamEvent.Finish(
                0,
                StopWords.read(event.path("stopReason").asString(""), sequence),
                new Extras(Bedrock.ID, "response", others)));
    }

    private void metadata(JsonNode event) {
        Usage usage = UsageFields.read(event.get("usage"));
        if (usage != null) {
            events.add(new StreamEvent.UsageReport(usage));
        }
        Fields.others(event, METADATA)
                .forEach((name, value) -> events.add(
                        new StreamEvent.ForeignDelta(0, 0, name, new Opaque(Bedrock.ID, "response." + name, value))));
        events.add(new StreamEvent.Done());
    }
}
