package dev.tollgate.provider;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A mapping of YAML whose values are read by kind; what is of another kind is an {@link IllegalArgumentException}. */
final class YamlFields {
    private final String what;
    private final Map<?, ?> fields;

    private YamlFields(String what, Map<?, ?> fields) {
        this.what = what;
        this.fields = fields;
    }

    /** @param what names the mapping in messages */
    static YamlFields of(@Nullable Object value, String what) {
        return new YamlFields(what, mapping(value, what));
    }

    static Map<?, ?> mapping(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(what + ": not a mapping");
    }

    /** The same, where no other names are in it. */
    YamlFields only(Set<String> known) {
        for (String name : names()) {
            if (!known.contains(name)) {
                throw wrong("unknown field '" + name + "'");
            }
        }
        return this;
    }

    String what() {
        return what;
    }

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        fields.keySet().forEach(name -> names.add(String.valueOf(name)));
        return names;
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    @Nullable
    Object value(String field) {
        return fields.get(field);
    }

    @Nullable
    String text(String field) {
        Object value = fields.get(field);
        if (value instanceof Map || value instanceof List) {
            throw wrong("'" + field + "' must be a text");
        }
        return value == null ? null : value.toString();
    }

    String text(String field, String otherwise) {
        String text = text(field);
        return text == null ? otherwise : text;
    }

    List<String> list(String field) {
        Object value = fields.get(field);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            throw wrong("'" + field + "' must be a list");
        }
        return items.stream().map(String::valueOf).toList();
    }

    /** A list, or a single text in place of a list of one. */
    List<String> oneOrMore(String field) {
        return fields.get(field) instanceof String one ? List.of(one) : list(field);
    }

    Map<String, String> texts(String field) {
        YamlFields inner = inner(field);
        Map<String, String> texts = new LinkedHashMap<>();
        inner.names().forEach(name -> texts.put(name, inner.text(name, "")));
        return texts;
    }

    /** The mapping a field is; an empty one where it is not there or says nothing. */
    YamlFields inner(String field) {
        Object value = fields.get(field);
        return of(value == null ? Map.of() : value, what + "." + field);
    }

    IllegalArgumentException wrong(String message) {
        return new IllegalArgumentException(what + ": " + message);
    }
}
