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
 * @param fields the fields by name, in their order; a name with a dot is a path below {@code at}; one that begins with {@link
 *     #LABEL} is missed by its own dialect alone, so nobody is told when it is left out
 */
public record Extras(String dialect, String at, Map<String, JsonNode> fields) {

    /** What the name of a field begins with that says nothing outside its own dialect (an id, a default said aloud). */
    public static final String LABEL = "~";

    /** Nothing left over, from nowhere. */
    public static final Extras NONE = new Extras("", "", Map.of());

    public Extras {
        fields = fields.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Whether a field says nothing outside its own dialect. */
    public static boolean isLabel(String name) {
        return name.startsWith(LABEL, name.lastIndexOf('.') + 1);
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
