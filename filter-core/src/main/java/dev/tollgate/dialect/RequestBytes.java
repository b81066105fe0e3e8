package dev.tollgate.dialect;

import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The bytes of a request as its target gets them: with the target's model, and as the way to it has its body. */
public final class RequestBytes {
    private RequestBytes() {}

    /** A request that was written for the target. */
    public static byte[] written(ObjectNode body, Way way) {
        way.drops().forEach(body::remove);
        way.sets().forEach(body::set);
        return Json.write(body);
    }

    /**
     * A caller's request for a target that speaks its format: the bytes as they came, but for what must be said otherwise.
     *
     * @param changes members by name with their new values, null to remove one
     * @param dropped takes the names of what the target refuses
     */
    public static byte[] passed(
            JsonDocument body,
            WireFormat format,
            Way way,
            Candidate target,
            Map<String, @Nullable JsonNode> changes,
            Consumer<String> dropped) {
        Map<String, @Nullable JsonNode> members = new LinkedHashMap<>(changes);
        for (String refused : target.provider().quirks().drops()) {
            if (leaveOut(refused, members, body)) {
                dropped.accept(refused);
            }
        }
        if (!format.modelInPath() && !body.text("model").equals(Optional.of(target.model()))) {
            members.put("model", StringNode.valueOf(target.model()));
        }
        // What the way says in its path or a header is not said in the body as well.
        way.drops().forEach(said -> leaveOut(said, members, body));
        members.putAll(way.sets());
        return members.isEmpty() ? body.bytes() : body.with(members);
    }

    private static boolean leaveOut(String member, Map<String, @Nullable JsonNode> members, JsonDocument body) {
        members.remove(member);
        boolean there = body.has(member);
        if (there) {
            members.put(member, null);
        }
        return there;
    }
}
