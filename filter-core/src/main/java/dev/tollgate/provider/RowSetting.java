package dev.tollgate.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A setting that a row's URLs hold a place for, as <code>{region}</code>.
 *
 * @param name its name in the configuration
 * @param required whether a provider of this row cannot be called without it
 * @param fallback its value where nobody says one, or null
 * @param variables environment variables it is taken from where the configuration says nothing, the first set one counting
 */
public record RowSetting(
        String name, boolean required, @Nullable String fallback, List<String> variables) {
    public RowSetting {
        variables = List.copyOf(variables);
    }
}
