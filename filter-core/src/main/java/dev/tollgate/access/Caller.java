package dev.tollgate.access;

import dev.tollgate.config.Settings.Priority;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling.
 *
 * @param key the name of the key that was shown, or null when access is open
 * @param team the team it belongs to, or null
 * @param user the user it belongs to, or null
 * @param models the models it may use: names, or patterns with one {@code *}
 * @param priority how urgent its calls are unless they say that they are less
 * @param targetTags the tags that each target of its calls must have
 */
public record Caller(
        @Nullable String key,
        @Nullable String team,
        @Nullable String user,
        List<String> models,
        Priority priority,
        Set<String> targetTags) {

    public Caller {
        models = List.copyOf(models);
        targetTags = Set.copyOf(targetTags);
    }

    /** A caller whose calls may go to any target. */
    public Caller(
            @Nullable String key,
            @Nullable String team,
            @Nullable String user,
            List<String> models,
            Priority priority) {
        this(key, team, user, models, priority, Set.of());
    }

    /** A caller whose calls are interactive. */
    public Caller(@Nullable String key, @Nullable String team, @Nullable String user, List<String> models) {
        this(key, team, user, models, Priority.INTERACTIVE);
    }
}
