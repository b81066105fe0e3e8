package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Part.MediaKind;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.CacheHints;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Seal;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads content blocks, in requests and in answers. */
final class BlockReader {
    private BlockReader() {}

    /** Content as a string or as a list of blocks; none when it is absent. */
    static List<Part> content(Fields holder, String name) {
        JsonNode content = holder.peek(name);
        if (content != null && content.isString()) {
            Extras place = new Extras(Anthropic.ID, holder.path(name), Map.of());
            return List.of(new Part.Text(holder.need(name), null, place));
        }
        if (content != null && !content.isArray()) {
            holder.refuse(name, "a string or a list of blocks");
            return List.of();
        }
        List<Part> parts = new ArrayList<>();
        CallProofs proofs = new CallProofs();
        holder.each(name, block -> {
            if (!proofs.take(block)) {
                parts.add(read(block));
            }
        });
        return proofs.attach(parts);
    }

    private static Part read(Fields block) {
        String type = block.kind("type");
        return switch (type) {
            case "text" -> text(block);
            case "image" -> media(MediaKind.IMAGE, block);
            case "document" -> media(MediaKind.DOCUMENT, block);
            case "tool_use" -> toolUse(block);
            case "tool_result" -> toolResult(block);
            case "thinking" -> thinking(block);
            case "redacted_thinking" -> redacted(block);
            default -> foreign(block, type.isEmpty() ? "block" : type);
        };
    }

    private static Part text(Fields block) {
        block.take("type");
        String text = block.need("text");
        CacheHint cache = CacheHints.read(block);
        return new Part.Text(text, CitationFields.read(block), cache, block.rest());
    }

    private static Part toolUse(Fields block) {
        block.take("type");
        JsonNode input = block.peek("input");
        if (!(input instanceof ObjectNode)) {
            block.refuse("input", "an object");
        }
        block.take("input");
        String id = block.need("id");
        String name = block.need("name");
        CacheHint cache = CacheHints.read(block);
        String arguments = input == null ? "{}" : Json.text(input);
        return new Part.ToolCall(id, name, arguments, cache, block.rest());
    }

    private static Part toolResult(Fields block) {
        block.take("type");
        String id = block.need("tool_use_id");
        List<Part> content = content(block, "content");
        boolean error = Boolean.TRUE.equals(block.flag("is_error"));
        CacheHint cache = CacheHints.read(block);
        return new Part.ToolResult(id, content, error, cache, block.rest());
    }

    private static Part thinking(Fields block) {
        block.take("type");
        String text = block.need("thinking");
        String signature = block.text("signature");
        Opaque proof = signature == null || signature.isEmpty() ? null : proof(block, signature);
        return new Part.Reasoning(text, proof, block.rest());
    }

    private static Part redacted(Fields block) {
        String data = block.node().path("data").asString("");
        if (!Seal.isClosed(data)) {
            return new Part.Reasoning("", whole(block, "data"), place(block));
        }
        // Another maker's, or damaged and nobody's.
        return new Part.Reasoning("", Seal.open(data, block.path("data")).orElse(null), place(block));
    }

    private static @Nullable Opaque proof(Fields block, String signature) {
        if (Seal.isClosed(signature)) {
            return Seal.open(signature, block.path("signature")).orElse(null);
        }
        return new Opaque(Anthropic.ID, block.path("signature"), block.node().stringNode(signature));
    }

    private static Part media(MediaKind kind, Fields block) {
        Fields given = block.object("source");
        if (given == null) {
            block.needObject("source");
            return foreign(block, "source");
        }
        Source source = source(given);
        if (source == null) {
            return foreign(block, "source");
        }
        block.take("type");
        String name = kind == MediaKind.DOCUMENT ? block.text("title") : null;
        CacheHint cache = CacheHints.read(block);
        return new Part.Media(kind, source, name, cache, block.rest());
    }

    /** Where a block's bytes are; null for a kind of source only this dialect knows. */
    private static @Nullable Source source(Fields source) {
        String type = source.kind("type");
        switch (type) {
            case "base64", "text", "url", "file" -> source.take("type");
            default -> {
                return null;
            }
        }
        return switch (type) {
            case "base64" -> new Source.Inline(source.need("media_type"), source.need("data"));
            case "url" -> new Source.Url(source.need("url"));
            case "file" -> new Source.FileId(source.need("file_id"));
            default -> {
                source.take("media_type");
                yield new Source.PlainText(source.need("data"));
            }
        };
    }

    private static Extras place(Fields block) {
        return new Extras(Anthropic.ID, block.path(), Map.of());
    }

    private static Opaque whole(Fields block, String member) {
        return new Opaque(Anthropic.ID, block.path(member), block.node());
    }

    private static Part foreign(Fields block, String type) {
        return new Part.Foreign(type, whole(block, type));
    }
}
