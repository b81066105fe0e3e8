package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Seal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the makers of tool calls want back with them (Gemini's thought signatures). A {@code tool_use} block has no place for
 * it, so it travels sealed, in a {@code redacted_thinking} block beside the call that bears the call's id; Anthropic's clients
 * keep such blocks and send them back.
 */
final class CallProofs {
    private final Map<String, Opaque> proofs = new HashMap<>();

    /** The block that carries a proof. */
    static ObjectNode block(Opaque proof, String family, String callId) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "redacted_thinking")
                .put("data", Seal.close(proof, family, callId));
    }

    /** Takes a block if it carries a proof. One that is damaged is nobody's any more. */
    boolean take(Fields block) {
        JsonNode data = block.node().path("data");
        String sealed = data.asString("");
        String id = Seal.callId(sealed).orElse("");
        if (id.isEmpty()) {
            return false;
        }
        Seal.open(sealed, block.path("data")).ifPresent(proof -> proofs.put(id, proof));
        return true;
    }

    /** The same parts, each call with its proof. */
    List<Part> attach(List<Part> parts) {
        if (proofs.isEmpty()) {
            return parts;
        }
        List<Part> attached = new ArrayList<>();
        for (Part part : parts) {
            Opaque proof = part instanceof Part.ToolCall call ? proofs.remove(call.id()) : null;
            attached.add(proof == null ? part : with(proof, (Part.ToolCall) part));
        }
        proofs.values().forEach(alone -> attached.add(new Part.Foreign("redacted_thinking", alone)));
        return attached;
    }

    private static Part with(Opaque proof, Part.ToolCall call) {
        return new Part.ToolCall(call.id(), call.name(), call.arguments(), proof, call.cache(), call.extras());
    }
}
