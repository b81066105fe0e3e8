package dev.tollgate.dialect;

import dev.tollgate.Refusal;
import dev.tollgate.chat.Extras;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The members of one JSON object while a dialect reads it. Each is taken at most once by the name the dialect knows; what
 * nobody took is left over for {@link Extras}, so nothing can be lost by being unknown. A JSON null counts as absent.
 *
 * <p>Strict fields (a caller's request) refuse a member of the wrong type by its path; lenient fields (a provider's answer)
 * leave it where it is and answer as if it were absent.
 */
public final class Fields {
    private final ObjectNode node;
    private final String dialect;
    private final String path;
    private final boolean strict;
    private final List<String> taken = new ArrayList<>();
    private final Set<String> labels = new HashSet<>();
    private final Map<String, Fields> inner = new LinkedHashMap<>();

    private Fields(ObjectNode node, String dialect, String path, boolean strict) {
        this.node = node;
        this.dialect = dialect;
        this.path = path;
        this.strict = strict;
    }

    /** The members of a caller's object. */
    public static Fields strict(ObjectNode node, String dialect) {
        return new Fields(node, dialect, "", true);
    }

    /** The members of an object besides the known ones and those that are null. */
    public static Map<String, JsonNode> others(JsonNode object, Set<String> known) {
        Map<String, JsonNode> others = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!known.contains(member.getKey()) && !member.getValue().isNull()) {
                others.put(member.getKey(), member.getValue());
            }
        }
        return others;
    }

    /** The members of a provider's object that stands at this path. */
    public static Fields lenient(ObjectNode node, String dialect, String path) {
        return new Fields(node, dialect, path, false);
    }

    /** The object itself. */
    public ObjectNode node() {
        return node;
    }

    /** The object's own path, empty for a request body. */
    public String path() {
        return path;
    }

    /** The path of one of its members. */
    public String path(String name) {
        return path.isEmpty() ? name : path + '.' + name;
    }

    /** A member without taking it; null when it is absent or null. */
    public @Nullable JsonNode peek(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** A member of any type. */
    public @Nullable JsonNode take(String name) {
        taken.add(name);
        return peek(name);
    }

    /** A string. */
    public @Nullable String text(String name) {
        JsonNode value = peek(name);
        if (value == null || value.isString()) {
            taken.add(name);
            return value == null ? null : value.stringValue();
        }
        refuse(name, "a string");
        return null;
    }

    /** A string that must be there; a lenient reader takes an empty one for it. */
    public String need(String name) {
        String value = text(name);
        if (value == null && strict) {
            throw Refusal.badField(path(name), "'" + path(name) + "' is required");
        }
        return value == null ? "" : value;
    }

    /** A string that must be there, without taking it: a type by which the rest is read. */
    public String kind(String name) {
        JsonNode value = peek(name);
        if (value != null && value.isString()) {
            return value.stringValue();
        }
        refuse(name, "a string");
        return "";
    }

    /** A true or false. */
    public @Nullable Boolean flag(String name) {
        JsonNode value = peek(name);
        if (value == null || value.isBoolean()) {
            taken.add(name);
            return value == null ? null : value.booleanValue();
        }
        refuse(name, "true or false");
        return null;
    }

    /** A whole number. */
    public @Nullable Long whole(String name) {
        JsonNode value = peek(name);
        if (value == null || (value.isIntegralNumber() && value.canConvertToLong())) {
            taken.add(name);
            return value == null ? null : value.longValue();
        }
        refuse(name, "a whole number");
        return null;
    }

    /** A number as it was written. */
    public @Nullable JsonNode number(String name) {
        JsonNode value = peek(name);
        if (value == null || value.isNumber()) {
            taken.add(name);
            return value;
        }
        refuse(name, "a number");
        return null;
    }

    /** A list of strings; empty when absent. */
    public List<String> texts(String name) {
        JsonNode value = peek(name);
        List<String> texts = new ArrayList<>();
        if (value != null && !value.isArray()) {
            refuse(name, "a list of strings");
            return List.of();
        }
        for (JsonNode each : value == null ? List.<JsonNode>of() : value) {
            if (!each.isString()) {
                refuse(name, "a list of strings");
                return List.of();
            }
            texts.add(each.stringValue());
        }
        taken.add(name);
        return texts;
    }

    /** A list, element by element; empty when absent. */
    public List<JsonNode> list(String name) {
        JsonNode value = peek(name);
        if (value == null || value instanceof ArrayNode) {
            taken.add(name);
            return value == null ? List.of() : List.copyOf(((ArrayNode) value).elements());
        }
        refuse(name, "a list");
        return List.of();
    }

    /** An object; what is not taken of it is left over under its name and a dot. */
    public @Nullable Fields object(String name) {
        JsonNode value = peek(name);
        if (value instanceof ObjectNode object) {
            return inner.computeIfAbsent(name, key -> new Fields(object, dialect, path(key), strict));
        }
        if (value == null) {
            taken.add(name);
            return null;
        }
        refuse(name, "an object");
        return null;
    }

    /** An object that must be there; a lenient reader takes an empty one for it. */
    public Fields needObject(String name) {
        Fields value = object(name);
        if (value == null && strict) {
            throw Refusal.badField(path(name), "'" + path(name) + "' is required");
        }
        return value == null ? new Fields(node.objectNode(), dialect, path(name), strict) : value;
    }

    /** Reads the objects in a list, one after the other. */
    public void each(String list, Consumer<Fields> reader) {
        int index = 0;
        for (JsonNode element : list(list)) {
            Fields fields = element(element, list, index++);
            if (fields != null) {
                reader.accept(fields);
            }
        }
    }

    /** An element of a list of this object's as fields of its own; null when it is no object and the reader is lenient. */
    public @Nullable Fields element(JsonNode element, String list, int index) {
        String at = path(list) + '[' + index + ']';
        if (element instanceof ObjectNode object) {
            return new Fields(object, dialect, at, strict);
        }
        if (strict) {
            throw Refusal.badField(at, "'" + at + "' must be an object");
        }
        return null;
    }

    /** Refuses a member's value, or does nothing where the reader is lenient. */
    public void refuse(String name, String must) {
        if (strict) {
            throw Refusal.badField(path(name), "'" + path(name) + "' must be " + must);
        }
    }

    /** Marks members that, where nobody takes them, only the dialect itself misses (an id, a default said aloud). */
    public void label(String... names) {
        labels.addAll(List.of(names));
    }

    /** What nobody took. */
    public Extras rest() {
        Map<String, JsonNode> left = new LinkedHashMap<>();
        leftovers("", left);
        return new Extras(dialect, path, left);
    }

    private void leftovers(String prefix, Map<String, JsonNode> left) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            Fields part = inner.get(member.getKey());
            if (part != null) {
                part.leftovers(prefix + member.getKey() + '.', left);
            } else if (!taken.contains(member.getKey())) {
                String mark = labels.contains(member.getKey()) ? Extras.LABEL : "";
                left.put(prefix + mark + member.getKey(), member.getValue());
            }
        }
    }
}
