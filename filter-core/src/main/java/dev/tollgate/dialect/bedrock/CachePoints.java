package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Tool;
import dev.tollgate.dialect.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The {@code cachePoint} block, which stands after what it is about; our hints stand on it. */
final class CachePoints {
    static final String MEMBER = "cachePoint";

    private CachePoints() {}

    /** The hint that a block is, or null where it is something else or more than that. */
    static @Nullable CacheHint read(Fields block) {
        JsonNode point = block.peek(MEMBER);
        if (point == null
                || block.node().size() > 1
                || !point.path("type").asString("").equals("default")) {
            return null;
        }
        JsonNode ttl = point.get("ttl");
        int known = ttl == null ? 1 : 2;
        if (point.size() != known || (ttl != null && !ttl.isString())) {
            return null;
        }
        return new CacheHint(ttl == null ? null : ttl.stringValue());
    }

    /** The part with the hint; null for one that has a hint already or cannot have one. */
    static @Nullable Part on(Part part, CacheHint hint) {
        if (part instanceof Part.Text text && text.cache() == null) {
            return new Part.Text(text.text(), text.citations(), hint, text.extras());
        }
        if (part instanceof Part.Media media && media.cache() == null) {
            return new Part.Media(media.kind(), media.source(), media.name(), hint, media.extras());
        }
        if (part instanceof Part.ToolCall call && call.cache() == null) {
            return new Part.ToolCall(call.id(), call.name(), call.arguments(), call.proof(), hint, call.extras());
        }
        if (part instanceof Part.ToolResult result && result.cache() == null) {
            return new Part.ToolResult(result.id(), result.content(), result.error(), hint, result.extras());
        }
        return null;
    }

    /** The tool with the hint; null for one that has a hint already or cannot have one. */
    static @Nullable Tool on(Tool tool, CacheHint hint) {
        if (tool instanceof Tool.Function function && function.cache() == null) {
            return new Tool.Function(
                    function.name(),
                    function.description(),
                    function.schema(),
                    function.strict(),
                    hint,
                    function.extras());
        }
        return null;
    }

    /** The hint of a part, or null. */
    static @Nullable CacheHint of(Part part) {
        if (part instanceof Part.Text text) {
            return text.cache();
        }
        if (part instanceof Part.Media media) {
            return media.cache();
        }
        if (part instanceof Part.ToolCall call) {
            return call.cache();
        }
        return part instanceof Part.ToolResult result ? result.cache() : null;
    }

    /** The block for a hint. */
    static ObjectNode block(@Nullable String ttl) {
        ObjectNode block = JsonNodeFactory.instance.objectNode();
        ObjectNode point = block.putObject(MEMBER).put("type", "default");
        if (ttl != null) {
            point.put("ttl", ttl);
        }
        return block;
    }
}
