package dev.tollgate.dialect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The few values of a request that are changed when it is passed through.
 *
 * @param members top-level members by name, with their new values; null removes a member
 * @param asksForUsage whether they ask for a usage frame that the caller did not ask for and must not see
 * @param dropped paths of what they take out and is to be reported
 */
public record Splices(Map<String, @Nullable JsonNode> members, boolean asksForUsage, List<String> dropped) {
    /** Nothing to change. */
    public static final Splices NONE = new Splices(Map.of(), false);

    public Splices {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        dropped = List.copyOf(dropped);
    }

    /** Changes that take nothing out that means something. */
    public Splices(Map<String, @Nullable JsonNode> members, boolean asksForUsage) {
        this(members, asksForUsage, List.of());
    }
}
