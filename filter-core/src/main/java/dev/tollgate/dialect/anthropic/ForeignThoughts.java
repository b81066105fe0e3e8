package dev.tollgate.dialect.anthropic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tollgate.dialect.Seal;
import dev.tollgate.dialect.Splices;
import dev.tollgate.json.JsonDocument;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Thoughts of other makers' models in a conversation that is passed through to Anthropic: earlier turns were answered by
 * another provider, and what its answers were shown to the caller as, sealed or without a signature, Anthropic would refuse.
 * They are taken out. A conversation without any, which is nearly every one, is not read for it.
 */
final class ForeignThoughts {
    private static final byte[] SIGNATURE = "\"signature\"".getBytes(US_ASCII);

    private ForeignThoughts() {}

    static Splices without(JsonDocument body) {
        if (!Seal.mayBeIn(body.bytes()) && !hasEmptySignature(body.bytes())) {
            return Splices.NONE;
        }
        JsonNode messages = body.member("messages").orElse(null);
        if (!(messages instanceof ArrayNode given)) {
            return Splices.NONE;
        }
        ArrayNode left = without(given);
        if (left.equals(given)) {
            return Splices.NONE;
        }
        Map<String, @Nullable JsonNode> members = new LinkedHashMap<>();
        members.put("messages", left);
        return new Splices(members, false, List.of("messages[].content[].thinking"));
    }

    /** Whether some member called "signature" is an empty string. */
    private static boolean hasEmptySignature(byte[] json) {
        for (int at = 0; at + SIGNATURE.length < json.length; at++) {
            if (json[at] == '"' && json[at + 1] == 's' && isEmptySignature(json, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEmptySignature(byte[] json, int at) {
        int end = Math.min(at + SIGNATURE.length, json.length);
        if (!Arrays.equals(json, at, end, SIGNATURE, 0, SIGNATURE.length)) {
            return false;
        }
        int value = end;
        while (value < json.length && (json[value] <= ' ' || json[value] == ':')) {
            value++;
        }
        return value + 1 < json.length && json[value] == '"' && json[value + 1] == '"';
    }

    private static ArrayNode without(ArrayNode messages) {
        ArrayNode left = JsonNodeFactory.instance.arrayNode();
        for (JsonNode message : messages) {
            if (!(message.path("content") instanceof ArrayNode content)) {
                left.add(message);
                continue;
            }
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            content.forEach(block -> {
                if (!isForeign(block)) {
                    kept.add(withoutForeignCitations(block));
                }
            });
            // Anthropic refuses a message that says nothing; the turns around it become one.
            if (!kept.isEmpty() || content.isEmpty()) {
                ObjectNode same = ((ObjectNode) message).deepCopy();
                same.set("content", kept);
                left.add(same);
            }
        }
        return left;
    }

    private static JsonNode withoutForeignCitations(JsonNode block) {
        boolean any = false;
        ArrayNode own = JsonNodeFactory.instance.arrayNode();
        for (JsonNode citation : block.path(CitationFields.MEMBER)) {
            if (CitationFields.isSealed(citation)) {
                any = true;
            } else {
                own.add(citation);
            }
        }
        if (!any) {
            return block;
        }
        ObjectNode same = ((ObjectNode) block).deepCopy();
        same.set(CitationFields.MEMBER, own);
        return same;
    }

    private static boolean isForeign(JsonNode block) {
        return switch (block.path("type").asString("")) {
            case "thinking" -> {
                String signature = block.path("signature").asString("");
                yield signature.isEmpty() || Seal.isClosed(signature);
            }
            case "redacted_thinking" -> Seal.isClosed(block.path("data").asString(""));
            default -> false;
        };
    }
}
