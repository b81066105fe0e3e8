package dev.tollgate.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What the neutral records have no place for, labelled with the dialect it came from and the place it stood at. That dialect
 * puts it back where it was; any other dialect reports its path as dropped.
 *
 * @param dialect the id of the dialect the fields came from; an empty string where the record came from none
 * @param at the path of the object they stood in, as its caller knows it ({@code messages[2].content[0]}); empty for the
 *     body itself
 * @param fields the fields by name, in their order; a name with a dot is a path below {@code at}
 */
public record Extras(String dialect, String at, Map<String, JsonNode> fields) {

    /** Nothing left over, from nowhere. */
    public static final Extras NONE = new Extras("", "", Map.of());

    public Extras {
        fields = fields.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Whether the record they belong to was read in this dialect. */
    public boolean isFrom(String wanted) {
        return dialect.equals(wanted);
    }

    /** The path of a member of the object these fields stood in. */
    public String path(String member) {
        return at.isEmpty() ? member : at + '.' + member;
    }
}
