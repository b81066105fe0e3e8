package dev.tollgate.dialect.gemini;

import dev.tollgate.dialect.Splices;
import dev.tollgate.json.JsonDocument;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The values that a passed-through request must have for Google: none, unless earlier turns of its conversation were
 * another provider's, whose sealed proofs Google would refuse as signatures.
 */
final class RequestSplices {
    /** The start of every sealed proof in base64. */
    private static final byte[] SEALED = "dG9sbGdhdGUu".getBytes(StandardCharsets.US_ASCII);

    private static final String DROPPED = "contents[].parts[]." + Signatures.MEMBER;

    private RequestSplices() {}

    static Splices of(JsonDocument body) {
        if (!holdsSeal(body.bytes())) {
            return Splices.NONE;
        }
        Map<String, @Nullable JsonNode> members = new LinkedHashMap<>();
        body.member("contents").ifPresent(contents -> {
            JsonNode unsealed = contents.deepCopy();
            unseal(unsealed);
            members.put("contents", unsealed);
        });
        return new Splices(members, false, members.isEmpty() ? List.of() : List.of(DROPPED));
    }

    private static boolean holdsSeal(byte[] body) {
        for (int at = 0; at + SEALED.length <= body.length; at++) {
            int same = 0;
            while (same < SEALED.length && body[at + same] == SEALED[same]) {
                same++;
            }
            if (same == SEALED.length) {
                return true;
            }
        }
        return false;
    }

    private static void unseal(JsonNode node) {
        for (JsonNode inner : node) {
            unseal(inner);
        }
        for (String name : new String[] {Signatures.MEMBER, "thought_signature"}) {
            JsonNode signature = node.path(name);
            if (node instanceof ObjectNode part
                    && signature.isString()
                    && Signatures.isSealed(signature.stringValue())) {
                part.remove(name);
                if (part.has("functionCall") || part.has("function_call")) {
                    part.put(Signatures.MEMBER, Signatures.NOT_NEEDED);
                }
            }
        }
    }
}
