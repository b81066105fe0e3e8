package dev.tollgate.json;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object as it came over the wire: checked once from end to end, with its top-level members found by their place in
 * the bytes, so that single values can be replaced and every other byte stays as it was.
 */
public final class JsonDocument {

    /**
     * Checks and indexes a JSON object.
     *
     * @throws dev.tollgate.Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} when it is malformed, truncated, not an
     *     object, nested deeper than 64, has a member twice at any depth, a number beyond range or bytes after its end;
     *     the message gives the line and column, and quotes nothing
     */
    public static JsonDocument parse(byte[] utf8) {
        throw new AssertionError("being written");
    }

    /** The document's bytes; not to be changed. */
    public byte[] bytes() {
        throw new AssertionError("being written");
    }

    /** A top-level string. Empty when the member is absent, null or not a string. */
    public Optional<String> text(String member) {
        throw new AssertionError("being written");
    }

    /** Whether a top-level member is present and {@code true}. */
    public boolean isTrue(String member) {
        throw new AssertionError("being written");
    }

    /** Whether a top-level member is present. */
    public boolean has(String member) {
        throw new AssertionError("being written");
    }

    /** The whole document as a tree; made when first asked for. */
    public ObjectNode tree() {
        throw new AssertionError("being written");
    }

    /**
     * The bytes with some top-level members replaced, or added at the end where they are absent; a null node removes the
     * member. Every other byte is unchanged.
     */
    public byte[] with(Map<String, JsonNode> members) {
        throw new AssertionError("being written");
    }
}
