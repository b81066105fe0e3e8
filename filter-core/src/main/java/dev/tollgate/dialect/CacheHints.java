package dev.tollgate.dialect;

import dev.tollgate.chat.Part.CacheHint;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code cache_control} member, Anthropic's form of a cache hint, which OpenAI-like providers in front of Claude take too. */
public final class CacheHints {
    private static final String MEMBER = "cache_control";

    private CacheHints() {}

    /** The hint of a part or tool; one in an unknown form is left over. */
    public static @Nullable CacheHint read(Fields fields) {
        JsonNode hint = fields.peek(MEMBER);
        if (hint == null || !hint.path("type").asString("").equals("ephemeral")) {
            return null;
        }
        JsonNode ttl = hint.get("ttl");
        int known = ttl == null ? 1 : 2;
        if (hint.size() != known || (ttl != null && !ttl.isString())) {
            return null;
        }
        fields.take(MEMBER);
        return new CacheHint(ttl == null ? null : ttl.stringValue());
    }

    /** Writes a hint, if there is one. */
    public static void write(@Nullable CacheHint hint, ObjectNode into) {
        if (hint == null) {
            return;
        }
        ObjectNode control = into.putObject(MEMBER).put("type", "ephemeral");
        if (hint.ttl() != null) {
            control.put("ttl", hint.ttl());
        }
    }
}
