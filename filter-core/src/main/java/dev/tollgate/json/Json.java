package dev.tollgate.json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamWriteException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trees of JSON, read and written. Numbers keep the digits they came with, and reading is bounded in depth and in tokens, so
 * that neither the stack nor the heap can be exhausted.
 */
public final class Json {
    /** What callers send: nesting up to 64, a million tokens, no member twice. */
    static final JsonFactory STRICT = JsonFactory.builder()
            .streamReadConstraints(constraints(64))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(constraints(128))
                    .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ObjectWriter ASCII_WRITER = MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private Json() {}

    private static StreamReadConstraints constraints(int depth) {
        return StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxTokenCount(1_000_000)
                .maxNumberLength(64)
                .maxNameLength(8192)
                .maxStringLength(Integer.MAX_VALUE)
                .build();
    }

    /**
     * Reads one JSON value that fills all of the bytes.
     *
     * @throws JacksonException when it is malformed, truncated or followed by more
     */
    public static JsonNode read(byte[] utf8) {
        return MAPPER.readTree(utf8);
    }

    /**
     * Reads one JSON value that fills all of the text.
     *
     * @throws JacksonException when it is malformed, truncated or followed by more
     */
    public static JsonNode read(String text) {
        return MAPPER.readTree(text);
    }

    /** The value as UTF-8, in the shortest form. */
    public static byte[] write(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (StreamWriteException e) {
            // Half a surrogate pair (a string cut inside an emoji) has no UTF-8 form; as an escape it can be said.
            return ASCII_WRITER.writeValueAsBytes(value);
        }
    }

    /** The value as JSON text, in the shortest form. */
    public static String text(JsonNode value) {
        return MAPPER.writeValueAsString(value);
    }
}
