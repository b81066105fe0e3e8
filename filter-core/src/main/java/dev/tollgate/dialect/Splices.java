package dev.tollgate.dialect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The few values of a request that are changed when it is passed through.
 *
 * @param members top-level members by name, with their new values; null removes a member
 * @param asksForUsage whether they ask for a usage frame that the caller did not ask for and must not see
 */
public record Splices(Map<String, @Nullable JsonNode> members, boolean asksForUsage) {
    /** Nothing to change. */
    public static final Splices NONE = new Splices(Map.of(), false);

    public Splices {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
}
