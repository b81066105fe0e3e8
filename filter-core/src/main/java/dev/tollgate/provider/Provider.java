package dev.tollgate.provider;

import java.net.URI;
import java.util.Map;

/**
 * A place that answers AI calls: a row of {@code providers.yaml}, or one the operator made from such a row.
 *
 * @param name what the configuration calls it
 * @param family the name of the row it started from
 * @param baseUrl what the provider's own SDK takes as its base URL, without a trailing slash
 * @param paths for each dialect the provider speaks, by id and most preferred first, the path of its chat endpoint below
 *     the base URL
 * @param credential how calls to it are authenticated
 */
public record Provider(
        String name, String family, URI baseUrl, Map<String, String> paths, Credential credential, Quirks quirks) {

    public Provider {
        paths = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(paths));
    }

    /** The dialect to speak with this provider for a caller of {@code callers}: the caller's own if it can. */
    public String dialectFor(String callers) {
        return paths.containsKey(callers) ? callers : paths.keySet().iterator().next();
    }
}
