package dev.tollgate.dialect;

import dev.tollgate.chat.Opaque;
import dev.tollgate.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    private static final byte[] MARK_BYTES = MARK.getBytes(StandardCharsets.US_ASCII);

    /** What parts a seal from the id of the tool call it belongs to; no letter of either. */
    private static final char OF = '~';

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

    /** The text that stands for what the maker of a tool call wants back with it, where it travels apart from the call. */
    public static String close(Opaque opaque, String family, String callId) {
        return close(opaque, family) + OF + callId;
    }

    /** The id of the tool call that a closed text belongs to; empty where it belongs to none. */
    public static Optional<String> callId(String text) {
        int of = isClosed(text) ? text.indexOf(OF) : -1;
        return of < 0 ? Optional.empty() : Optional.of(text.substring(of + 1));
    }

    /** Whether a closed text may stand somewhere in a JSON document; a look without reading it. */
    public static boolean mayBeIn(byte[] json) {
        int last = json.length - MARK_BYTES.length;
        for (int at = 0; at <= last; at++) {
            if (json[at] == MARK_BYTES[0]
                    && Arrays.equals(json, at, at + MARK_BYTES.length, MARK_BYTES, 0, MARK_BYTES.length)) {
                return true;
            }
        }
        return false;
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
            int of = text.indexOf(OF);
            String closed = of < 0 ? text : text.substring(0, of);
            byte[] label = Base64.getUrlDecoder().decode(closed.substring(MARK.length()));
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
