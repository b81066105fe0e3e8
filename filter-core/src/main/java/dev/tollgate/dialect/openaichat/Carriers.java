package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The members in which clients of this dialect keep what a model's maker wants back, and send it back: {@code
 * reasoning_details} of a message, as OpenRouter has it, and {@code extra_content.google.thought_signature} of a tool call, as
 * Google has it. What came from a provider of this dialect stands there as it came; another dialect's is sealed.
 *
 * @see <a href="https://openrouter.ai/docs/guides/best-practices/reasoning-tokens">Reasoning tokens</a>
 * @see <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">Thought signatures</a>
 */
final class Carriers {
    static final String DETAILS = "reasoning_details";
    static final String EXTRA_CONTENT = "extra_content";

    private static final String TEXT = "reasoning.text";
    private static final String ENCRYPTED = "reasoning.encrypted";

    private Carriers() {}

    /** Whether details of reasoning hold more than its text. */
    static boolean prove(@Nullable JsonNode details) {
        if (!(details instanceof ArrayNode)) {
            return false;
        }
        for (JsonNode detail : details) {
            if (!proof(detail).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static String proof(JsonNode detail) {
        String signature = detail.path("signature").asString("");
        return signature.isEmpty() ? detail.path("data").asString("") : signature;
    }

    /** Whether details are another dialect's, which were sealed. */
    static boolean areSealed(@Nullable JsonNode details) {
        if (!(details instanceof ArrayNode)) {
            return false;
        }
        for (JsonNode detail : details) {
            if (Seal.isClosed(proof(detail))) {
                return true;
            }
        }
        return false;
    }

    static String text(JsonNode detail) {
        return detail.path("text").asString("") + detail.path("summary").asString("");
    }

    /**
     * The thoughts in sealed details.
     *
     * @param plain the text of the message's reasoning, for details that hold none
     */
    static List<Part> opened(JsonNode details, String plain, String at) {
        List<Part> thoughts = new ArrayList<>();
        Extras place = new Extras(OpenAiChat.ID, at, Map.of());
        StringBuilder text = new StringBuilder();
        boolean told = false;
        for (JsonNode detail : details) {
            text.append(text(detail));
            String proof = proof(detail);
            if (!proof.isEmpty()) {
                boolean lacksText = text.isEmpty()
                        && !told
                        && detail.path("type").asString("").equals(TEXT);
                String thought = lacksText ? plain : text.toString();
                told |= !thought.isEmpty();
                thoughts.add(new Part.Reasoning(thought, Seal.open(proof, at).orElse(null), place));
                text.setLength(0);
            }
        }
        if (!text.isEmpty() || (!told && !plain.isEmpty())) {
            thoughts.add(new Part.Reasoning(text.isEmpty() ? plain : text.toString(), null, place));
        }
        return thoughts;
    }

    /** The detail that carries another dialect's proof. */
    static ObjectNode detail(String text, boolean shown, String seal, int index) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        if (shown) {
            detail.put("type", TEXT);
            if (!text.isEmpty()) {
                detail.put("text", text);
            }
            detail.put("signature", seal);
        } else {
            detail.put("type", ENCRYPTED).put("data", seal);
        }
        return detail.put("index", index);
    }

    /** Details for the provider that made them, each text with its signature again. */
    static ArrayNode returned(JsonNode details, String text) {
        ArrayNode returned = JsonNodeFactory.instance.arrayNode();
        for (JsonNode detail : details) {
            boolean lacksText = detail.has("signature") && text(detail).isEmpty() && !text.isEmpty();
            returned.add(lacksText ? ((ObjectNode) detail).deepCopy().put("text", text) : detail);
        }
        return returned;
    }

    /** What the maker of a tool call wants back with it; null where it wants nothing. */
    static @Nullable Opaque ofCall(Fields call) {
        JsonNode extra = call.peek(EXTRA_CONTENT);
        String at = call.path(EXTRA_CONTENT);
        String signature = signature(extra);
        if (extra == null || signature.isEmpty()) {
            return null;
        }
        call.take(EXTRA_CONTENT);
        return proofOfCall(extra, at);
    }

    private static String signature(@Nullable JsonNode extra) {
        return extra == null
                ? ""
                : extra.path("google").path("thought_signature").asString("");
    }

    /** Whether extra content holds another dialect's proof. */
    static boolean isSealed(JsonNode extra) {
        return Seal.isClosed(signature(extra));
    }

    /** The same, read from the extra content; null where that holds nothing of the kind. */
    static @Nullable Opaque proofOfCall(JsonNode extra, String at) {
        String signature = signature(extra);
        if (Seal.isClosed(signature)) {
            return Seal.open(signature, at).orElse(null);
        }
        return signature.isEmpty() ? null : new Opaque(OpenAiChat.ID, at, extra);
    }

    /** The extra content by which a caller is shown a tool call's proof. */
    static JsonNode extraContent(Opaque proof, String family) {
        if (proof.isFrom(OpenAiChat.ID)) {
            return proof.value();
        }
        ObjectNode extra = JsonNodeFactory.instance.objectNode();
        extra.putObject("google").set("thought_signature", StringNode.valueOf(Seal.close(proof, family)));
        return extra;
    }
}
