package dev.tollgate.dialect.embed;

import dev.tollgate.dialect.BadAnswer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Vectors as lists of numbers, and as base64 of little-endian 32-bit floats. */
final class Vectors {
    private Vectors() {}

    /** A vector in whichever of the two forms it came, as a list of numbers. */
    static JsonNode read(JsonNode vector) throws BadAnswer {
        if (vector.isString()) {
            return floats(vector.stringValue());
        }
        if (!vector.isArray() || vector.isEmpty()) {
            throw new BadAnswer("an embedding is neither a list of numbers nor base64");
        }
        for (JsonNode number : vector) {
            if (!number.isNumber()) {
                throw new BadAnswer("an embedding holds something else than numbers");
            }
        }
        return vector;
    }

    static ArrayNode floats(String base64) throws BadAnswer {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new BadAnswer("an embedding is not base64");
        }
        if (bytes.length == 0 || bytes.length % Float.BYTES != 0) {
            throw new BadAnswer("an embedding is not base64 of 32-bit floats");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        ArrayNode numbers = JsonNodeFactory.instance.arrayNode(bytes.length / Float.BYTES);
        while (buffer.hasRemaining()) {
            numbers.add(buffer.getFloat());
        }
        return numbers;
    }

    static String base64(JsonNode numbers) {
        ByteBuffer buffer = ByteBuffer.allocate(numbers.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (JsonNode number : numbers) {
            buffer.putFloat((float) number.doubleValue());
        }
        return Base64.getEncoder().encodeToString(buffer.array());
    }
}
