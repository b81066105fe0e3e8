package dev.tollgate.provider;

import dev.tollgate.Secret;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code providers.yaml}: what is known about a provider before anyone configures it. Its URLs may hold places for
 * settings, as <code>{region}</code>.
 *
 * @param name the row's name, which becomes the family of every provider made from it
 * @param baseUrl the provider's base URL, or null when the operator must say it
 * @param baseUrls other base URLs: for a setting, by its value
 * @param ways how it can be asked, the most preferred first; one that holds a place for a setting that is not set is not there
 * @param credential what its keys are: "bearer", "none", or the name of the header that carries the key
 * @param keyRequired whether it can be called with a key only
 * @param keyVariables the environment variables its SDKs take the key from, the first set one counting
 * @param identity how it is called without a key, or null
 * @param settings what its URLs hold places for, by name
 */
public record ProviderRow(
        String name,
        @Nullable String baseUrl,
        Map<String, Map<String, String>> baseUrls,
        List<Way> ways,
        String credential,
        boolean keyRequired,
        List<String> keyVariables,
        @Nullable Identity identity,
        Map<String, RowSetting> settings,
        Quirks quirks) {

    public ProviderRow {
        baseUrls = Map.copyOf(baseUrls);
        ways = List.copyOf(ways);
        keyVariables = List.copyOf(keyVariables);
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Whether calls to it may carry a key. */
    public boolean takesKey() {
        return !credential.equals("none");
    }

    /** The base URL, with the values of settings in their places; empty when the row has none. */
    public Optional<URI> baseUrl(Map<String, String> values) {
        String chosen = baseUrls.entrySet().stream()
                .flatMap(other ->
                        Optional.ofNullable(other.getValue().get(values.getOrDefault(other.getKey(), ""))).stream())
                .findFirst()
                .orElse(baseUrl);
        return Optional.ofNullable(chosen).map(template -> URI.create(Places.fill(template, values)));
    }

    /** How a key authenticates calls. */
    public Credential keyed(@Nullable Secret key) {
        if (key == null || !takesKey()) {
            return new Credential.None();
        }
        return credential.equals("bearer") ? new Credential.Bearer(key) : new Credential.KeyHeader(credential, key);
    }

    /** The provider that an operator makes from this row. */
    public Provider provider(String called, URI at, Credential with, Map<String, String> values) {
        List<Way> filled = ways.stream()
                .filter(way -> Places.areFilled(way.path(), values))
                .map(way -> way.at(Places.fill(way.path(), values), Places.fill(way.streamPath(), values)))
                .toList();
        return new Provider(called, name, at, filled, with, quirks, values);
    }

    /** The provider that an operator makes from this row with a key, or with none. */
    public Provider provider(String called, URI at, @Nullable Secret key) {
        return provider(called, at, keyed(key), Map.of());
    }
}
