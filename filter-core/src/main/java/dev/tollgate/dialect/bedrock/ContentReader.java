package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Part.MediaKind;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Seal;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/** Reads content blocks, in requests and in answers. A block is an object whose one member says by its name what it is. */
final class ContentReader {
    /** What marks a text that was JSON. */
    static final String JSON = Extras.LABEL + "json";

    /** The member of text and images that a guardrail is to look at. */
    static final String GUARD = "guardContent";

    private ContentReader() {}

    /** A list of blocks; none when it is absent. A cache point becomes a hint on the part before it. */
    static List<Part> content(Fields holder, String name) {
        List<Part> parts = new ArrayList<>();
        holder.each(name, block -> {
            if (!isHintOnLast(block, parts)) {
                parts.add(read(block));
            }
        });
        return parts;
    }

    private static boolean isHintOnLast(Fields block, List<Part> parts) {
        CacheHint hint = parts.isEmpty() ? null : CachePoints.read(block);
        int last = parts.size() - 1;
        Part hinted = hint == null ? null : CachePoints.on(parts.get(last), hint);
        if (hinted != null) {
            parts.set(last, hinted);
        }
        return hinted != null;
    }

    private static Part read(Fields block) {
        String type = block.node().isEmpty()
                ? "block"
                : block.node().propertyNames().iterator().next();
        return switch (type) {
            case "text" -> new Part.Text(block.need("text"), null, block.rest());
            case "json" -> json(block);
            case "image" -> media(MediaKind.IMAGE, block, block.needObject(type));
            case "document" -> document(block);
            case "audio" -> media(MediaKind.AUDIO, block, block.needObject(type));
            case "toolUse" -> toolUse(block);
            case "toolResult" -> toolResult(block);
            case "reasoningContent" -> reasoning(block);
            case "citationsContent" -> cited(block);
            case GUARD -> guarded(block);
            default -> foreign(block, type);
        };
    }

    private static Part foreign(Fields block, String type) {
        return new Part.Foreign(type, new Opaque(Bedrock.ID, block.path(type), block.node()));
    }

    /** A tool's answer in JSON, which is text to everybody else. */
    private static Part json(Fields block) {
        JsonNode value = block.take("json");
        Map<String, JsonNode> fields = new LinkedHashMap<>(block.rest().fields());
        fields.put(JSON, NullNode.instance);
        return new Part.Text(
                value == null ? "null" : Json.text(value), null, new Extras(Bedrock.ID, block.path(), fields));
    }

    private static Part toolUse(Fields block) {
        Fields use = block.needObject("toolUse");
        JsonNode type = use.peek("type");
        if (type != null && type.asString("").equals("server_tool_use")) {
            return foreign(block, "server_tool_use");
        }
        JsonNode input = use.take("input");
        use.label("type");
        String arguments = input == null ? "{}" : Json.text(input);
        return new Part.ToolCall(use.need("toolUseId"), use.need("name"), arguments, null, block.rest());
    }

    private static Part toolResult(Fields block) {
        Fields result = block.needObject("toolResult");
        if (result.peek("type") != null) {
            return foreign(block, "server_tool_result");
        }
        JsonNode status = result.peek("status");
        boolean error = status != null && status.asString("").equals("error");
        result.label("status");
        return new Part.ToolResult(result.need("toolUseId"), content(result, "content"), error, null, block.rest());
    }

    private static Part reasoning(Fields block) {
        Fields content = block.needObject("reasoningContent");
        Fields text = content.object("reasoningText");
        Extras place = new Extras(Bedrock.ID, block.path(), Map.of());
        if (text == null) {
            Opaque whole = new Opaque(Bedrock.ID, content.path("redactedContent"), content.node());
            return new Part.Reasoning("", whole, place);
        }
        String signature = text.text("signature");
        Opaque proof = signature == null || signature.isEmpty() ? null : proof(text.path("signature"), signature);
        return new Part.Reasoning(text.need("text"), proof, block.rest());
    }

    /** A signature: Bedrock's own, or another dialect's opaque state that came this way as one. */
    static Opaque proof(String at, String signature) {
        return Seal.open(signature, at).orElseGet(() -> new Opaque(Bedrock.ID, at, StringNode.valueOf(signature)));
    }

    private static Part cited(Fields block) {
        Fields content = block.needObject("citationsContent");
        StringBuilder text = new StringBuilder();
        content.list("content").forEach(piece -> text.append(piece.path("text").asString("")));
        List<Citation> citations = new ArrayList<>();
        for (JsonNode citation : content.list("citations")) {
            citations.add(CitationFields.read(citation, content.path("citations[" + citations.size() + ']')));
        }
        return new Part.Text(text.toString(), citations, null, block.rest());
    }

    private static Part guarded(Fields block) {
        Fields guard = block.needObject(GUARD);
        Fields text = guard.object("text");
        if (text != null) {
            return new Part.Text(text.need("text"), null, left(block));
        }
        Fields image = guard.object("image");
        return image == null ? foreign(block, GUARD) : media(MediaKind.IMAGE, block, image);
    }

    /** What is left of a block; of one that a guardrail is to look at, also that it is one, which others cannot say. */
    private static Extras left(Fields block) {
        Extras rest = block.rest();
        if (!block.node().has(GUARD)) {
            return rest;
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        fields.put(GUARD, BooleanNode.TRUE);
        fields.putAll(rest.fields());
        return new Extras(Bedrock.ID, block.path(), fields);
    }

    private static Part media(MediaKind kind, Fields block, Fields media) {
        Fields given = media.object("source");
        Source source = given == null ? null : stored(media, given);
        if (source == null && given != null) {
            source = inline(kind, media, given);
        }
        return source == null
                ? foreign(block, kind.name().toLowerCase(Locale.ROOT))
                : new Part.Media(kind, source, null, null, left(block));
    }

    private static Part document(Fields block) {
        Fields document = block.needObject("document");
        Fields given = document.object("source");
        Source source = given == null ? null : source(document, given);
        if (source == null) {
            return foreign(block, "document");
        }
        String name = document.text("name");
        return new Part.Media(MediaKind.DOCUMENT, source, name, null, block.rest());
    }

    private static @Nullable Source source(Fields document, Fields source) {
        Source stored = stored(document, source);
        if (stored != null) {
            return stored;
        }
        if (source.peek("text") != null) {
            document.label("format");
            return new Source.PlainText(source.need("text"));
        }
        JsonNode content = source.peek("content");
        if (content != null && content.isArray()) {
            document.label("format");
            StringBuilder text = new StringBuilder();
            content.forEach(piece -> text.append(piece.path("text").asString("")));
            return new Source.PlainText(text.toString());
        }
        return inline(MediaKind.DOCUMENT, document, source);
    }

    private static @Nullable Source inline(MediaKind kind, Fields media, Fields source) {
        JsonNode format = media.peek("format");
        String type = format == null ? null : Formats.mediaType(kind, format.asString(""));
        if (type == null || source.peek("bytes") == null) {
            return null;
        }
        media.take("format");
        return new Source.Inline(type, source.need("bytes"));
    }

    /** An object in S3, which only Amazon's own services can read. */
    private static @Nullable Source stored(Fields media, Fields source) {
        Fields location = source.object("s3Location");
        if (location != null) {
            media.label("format");
        }
        return location == null ? null : new Source.FileId(location.need("uri"));
    }
}
