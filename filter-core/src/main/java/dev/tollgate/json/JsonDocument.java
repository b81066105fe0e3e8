package dev.tollgate.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A JSON object as it came over the wire: checked once from end to end, with its top-level members found by their place in
 * the bytes, so that single values can be replaced and every other byte stays as it was.
 */
public final class JsonDocument {
    private static final byte[] COMMA = {','};
    private static final byte[] NOTHING = {};

    private final byte[] bytes;
    private final Map<String, Span> members;
    private volatile @Nullable ObjectNode tree;

    private JsonDocument(byte[] bytes, Map<String, Span> members) {
        this.bytes = bytes;
        this.members = members;
    }

    /**
     * Checks and indexes a JSON object.
     *
     * @throws dev.tollgate.Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} when it is malformed, truncated, not an
     *     object, nested deeper than 64, has a member twice at any depth, a number beyond range or bytes after its end;
     *     the message gives the line and column, and quotes nothing
     */
    public static JsonDocument parse(byte[] utf8) {
        return new JsonDocument(utf8, JsonScan.members(utf8));
    }

    /** The document's bytes; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** A top-level string. Empty when the member is absent, null or not a string. */
    public Optional<String> text(String member) {
        Span span = members.get(member);
        if (span == null || bytes[span.value] != '"') {
            return Optional.empty();
        }
        for (int at = span.value + 1; at < span.end - 1; at++) {
            if (bytes[at] == '\\') {
                return Optional.of(value(span).stringValue());
            }
        }
        return Optional.of(new String(bytes, span.value + 1, span.end - span.value - 2, StandardCharsets.UTF_8));
    }

    /** Whether a top-level member is present and {@code true}. */
    public boolean isTrue(String member) {
        Span span = members.get(member);
        return span != null && bytes[span.value] == 't';
    }

    /** What a top-level member is; null when it is absent. */
    public @Nullable JsonKind kind(String member) {
        Span span = members.get(member);
        return span == null ? null : JsonKind.of(bytes[span.value]);
    }

    /** Whether a top-level member is present. */
    public boolean has(String member) {
        return members.containsKey(member);
    }

    /** The value of one top-level member as a tree. Empty when the member is absent. */
    public Optional<JsonNode> member(String member) {
        Span span = members.get(member);
        return span == null ? Optional.empty() : Optional.of(value(span));
    }

    /** The whole document as a tree; made when first asked for, and not to be changed. */
    public ObjectNode tree() {
        ObjectNode known = tree;
        if (known == null) {
            known = (ObjectNode) Json.read(bytes);
            tree = known;
        }
        return known;
    }

    private JsonNode value(Span span) {
        return Json.read(Arrays.copyOfRange(bytes, span.value, span.end));
    }

    /**
     * The bytes with some top-level members replaced, or added at the end where they are absent; a null reference (not a
     * JSON null) removes the member. Every other byte is unchanged.
     */
    public byte[] with(Map<String, @Nullable JsonNode> changes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 64 * changes.size());
        int gap = members.values().stream().findFirst().map(Span::key).orElse(afterBrace());
        out.write(bytes, 0, gap);
        boolean any = false;
        for (Map.Entry<String, Span> member : members.entrySet()) {
            Span span = member.getValue();
            JsonNode change = changes.get(member.getKey());
            if (change != null || !changes.containsKey(member.getKey())) {
                // What separates a member from the one before it stays, or goes, together with the member.
                out.write(bytes, gap, any ? span.key - gap : 0);
                writeMember(out, span, change);
                any = true;
            }
            gap = span.end;
        }
        for (Map.Entry<String, @Nullable JsonNode> change : changes.entrySet()) {
            JsonNode value = change.getValue();
            if (value != null && !members.containsKey(change.getKey())) {
                out.writeBytes(any ? COMMA : NOTHING);
                out.writeBytes(Json.write(StringNode.valueOf(change.getKey())));
                out.write(':');
                out.writeBytes(Json.write(value));
                any = true;
            }
        }
        out.write(bytes, gap, bytes.length - gap);
        return out.toByteArray();
    }

    private void writeMember(ByteArrayOutputStream out, Span span, @Nullable JsonNode change) {
        if (change == null) {
            out.write(bytes, span.key, span.end - span.key);
        } else {
            out.write(bytes, span.key, span.value - span.key);
            out.writeBytes(Json.write(change));
        }
    }

    private int afterBrace() {
        int at = 0;
        while (bytes[at] != '{') {
            at++;
        }
        return at + 1;
    }

    /**
     * Where a top-level member stands in the bytes.
     *
     * @param key the opening quote of its name
     * @param value the first byte of its value
     * @param end the byte after its value
     */
    record Span(int key, int value, int end) {}
}
