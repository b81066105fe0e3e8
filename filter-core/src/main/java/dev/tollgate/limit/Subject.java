package dev.tollgate.limit;

import dev.tollgate.config.Settings.Per;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom a limit counts: one key, team, user, model, provider or address, or everybody.
 *
 * @param name its name among those of its kind; empty for everybody, and for callers without a key, who count as one
 */
record Subject(Per kind, String name) {

    /** The subject of a kind that a call belongs to; empty when it belongs to none, as a caller without a team. */
    static Optional<Subject> of(Per kind, Demand demand, @Nullable String configuredModel) {
        return switch (kind) {
            case KEY ->
                named(kind, demand.caller().key() == null ? "" : demand.caller().key());
            case TEAM -> named(kind, demand.caller().team());
            case USER -> named(kind, demand.caller().user());
            case MODEL -> named(kind, configuredModel);
            case PROVIDER -> named(kind, demand.provider());
            case IP -> named(kind, Addresses.counted(demand.remoteAddress()));
            case GLOBAL -> named(kind, "");
        };
    }

    private static Optional<Subject> named(Per kind, @Nullable String name) {
        return name == null ? Optional.empty() : Optional.of(new Subject(kind, name));
    }

    /** The subject as a message names it. */
    @Override
    public String toString() {
        return switch (kind) {
            case KEY -> name.isEmpty() ? "everybody without a key together" : "key \"" + name + '"';
            case TEAM -> "team \"" + name + '"';
            case USER -> "user \"" + name + '"';
            case MODEL -> "model \"" + name + '"';
            case PROVIDER -> "provider \"" + name + '"';
            case IP -> "address " + name;
            case GLOBAL -> "everybody together";
        };
    }
}
