package dev.tollgate.dialect.anthropic;

import dev.tollgate.dialect.Splices;
import dev.tollgate.json.JsonDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What callers of Vertex AI and Bedrock say in the body where Anthropic's own API has a header. A target that wants it there
 * has it set by its way; all others refuse it.
 */
final class PlatformFields {
    static final String VERSION = "anthropic_version";

    private PlatformFields() {}

    static Splices without(JsonDocument body, Splices others) {
        if (!body.has(VERSION)) {
            return others;
        }
        Map<String, @Nullable JsonNode> members = new LinkedHashMap<>(others.members());
        members.put(VERSION, null);
        return new Splices(members, others.asksForUsage(), others.dropped());
    }

    static JsonDocument without(JsonDocument body) {
        Splices splices = without(body, Splices.NONE);
        return splices.members().isEmpty() ? body : JsonDocument.parse(body.with(splices.members()));
    }
}
