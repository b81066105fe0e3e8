package dev.tollgate.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What the neutral records have no place for, labelled with the dialect it came from. That dialect gets it back as it was;
 * any other dialect reports its name as dropped.
 *
 * @param dialect the id of the dialect the fields came from; an empty string where there are none
 * @param fields the fields by name, in their order
 */
public record Extras(String dialect, Map<String, JsonNode> fields) {

    /** Nothing left over. */
    public static final Extras NONE = new Extras("", Map.of());

    public Extras {
        fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** The fields, if they came from this dialect; none otherwise. */
    public Map<String, JsonNode> of(String wanted) {
        return dialect.equals(wanted) ? fields : Map.of();
    }
}
