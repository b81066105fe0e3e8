package dev.tollgate.dialect;

import dev.tollgate.chat.Opaque;
import dev.tollgate.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Opaque state on its way through a caller of another dialect: a text that says who made it, which the caller keeps and sends
 * back like its own dialect's. So a thinking signature reaches its maker again, and nobody else.
 */
public final class Seal {
    private static final String MARK = "tollgate.v1.";

    private Seal() {}

    /**
     * The text that stands for an opaque value.
     *
     * @param family the provider family that made it
     */
    public static String close(Opaque opaque, String family) {
        ObjectNode label = JsonNodeFactory.instance.objectNode();
        label.put("dialect", opaque.dialect());
        label.put("family", opaque.family().isEmpty() ? family : opaque.family());
        label.set("value", opaque.value());
        return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(label));
    }

    /** Whether a text is one of {@link #close}. */
    public static boolean isClosed(String text) {
        return text.startsWith(MARK);
    }

    /**
     * The opaque value that a text stands for; empty when it is not one of {@link #close}, or has been damaged.
     *
     * @param at the path the text stood at, as its caller knows it
     */
    public static Optional<Opaque> open(String text, String at) {
        if (!isClosed(text)) {
            return Optional.empty();
        }
        try {
            byte[] label = Base64.getUrlDecoder().decode(text.substring(MARK.length()));
            JsonNode read = Json.read(new String(label, StandardCharsets.UTF_8));
            JsonNode value = read.path("value");
            String dialect = read.path("dialect").asString("");
            return value.isMissingNode() || dialect.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Opaque(dialect, read.path("family").asString(""), at, value));
        } catch (IllegalArgumentException | JacksonException damaged) {
            return Optional.empty();
        }
    }
}
