package dev.tollgate.provider;

import dev.tollgate.Secret;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code providers.yaml}: what is known about a provider before anyone configures it.
 *
 * @param name the row's name, which becomes the family of every provider made from it
 * @param baseUrl the provider's base URL, or null when the operator must say it
 * @param paths for each dialect it speaks, the most preferred first, the path of its chat endpoint below the base URL
 * @param credential "bearer", "none", or the name of the header that carries the key
 * @param keyRequired whether it can be called with a key only
 * @param keyVariable the environment variable its SDKs take the key from, or null
 */
public record ProviderRow(
        String name,
        @Nullable URI baseUrl,
        Map<String, String> paths,
        String credential,
        boolean keyRequired,
        @Nullable String keyVariable,
        Quirks quirks) {

    public ProviderRow {
        paths = Collections.unmodifiableMap(new LinkedHashMap<>(paths));
    }

    /** Whether calls to it carry a key at all. */
    public boolean takesKey() {
        return !credential.equals("none");
    }

    /** The provider that an operator makes from this row. */
    public Provider provider(String called, URI at, @Nullable Secret key) {
        return new Provider(called, name, at, Way.chat(paths), credential(key), quirks);
    }

    private Credential credential(@Nullable Secret key) {
        if (key == null || !takesKey()) {
            return new Credential.None();
        }
        return credential.equals("bearer") ? new Credential.Bearer(key) : new Credential.KeyHeader(credential, key);
    }
}
