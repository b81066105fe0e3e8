package dev.tollgate.dialect;

import dev.tollgate.Refusal;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.json.JsonKind;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What kinds of values the top level of a request takes, so that a mistyped one is refused before anything is reserved or sent
 * for it, also where the body would pass through unread. Members it does not name may be anything, since providers add new
 * ones; an optional member may be null.
 */
public final class Shape {
    private final Map<String, Set<JsonKind>> optional = new LinkedHashMap<>();
    private final Map<String, Set<JsonKind>> required = new LinkedHashMap<>();

    /** The same shape, with these members that may be left out. */
    public Shape may(JsonKind kind, String... members) {
        for (String member : members) {
            optional.computeIfAbsent(member, name -> EnumSet.noneOf(JsonKind.class))
                    .add(kind);
        }
        return this;
    }

    /** The same shape, with a member that must be there. */
    public Shape must(JsonKind kind, String member) {
        required.put(member, EnumSet.of(kind));
        return this;
    }

    /** The same shape, with a member that must be there and may be of any of these kinds. */
    public Shape must(String member, JsonKind... kinds) {
        required.put(member, EnumSet.copyOf(List.of(kinds)));
        return this;
    }

    /** @throws Refusal naming the first member that is missing or of another kind */
    public void check(JsonDocument body) {
        required.forEach((name, kinds) -> check(name, kinds, body.kind(name)));
        optional.forEach((name, kinds) -> {
            JsonKind kind = body.kind(name);
            if (kind != null && kind != JsonKind.NULL) {
                check(name, kinds, kind);
            }
        });
    }

    private static void check(String name, Set<JsonKind> kinds, @Nullable JsonKind kind) {
        if (kind == null || !kinds.contains(kind)) {
            String words = kinds.stream().map(JsonKind::words).collect(Collectors.joining(" or "));
            throw Refusal.badField(
                    name, "'" + name + "' " + (kind == null ? "is missing; it " : "") + "must be " + words);
        }
    }
}
