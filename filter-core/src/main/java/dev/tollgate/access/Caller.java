package dev.tollgate.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling.
 *
 * @param key the name of the key that was shown, or null when access is open
 * @param team the team it belongs to, or null
 * @param user the user it belongs to, or null
 * @param models the models it may use: names, or patterns with one {@code *}
 */
public record Caller(
        @Nullable String key,
        @Nullable String team,
        @Nullable String user,
        List<String> models) {

    public Caller {
        models = List.copyOf(models);
    }
}
