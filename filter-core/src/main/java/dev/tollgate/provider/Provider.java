package dev.tollgate.provider;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A place that answers AI calls: a row of {@code providers.yaml}, or one the operator made from such a row.
 *
 * @param name what the configuration calls it
 * @param family the name of the row it started from
 * @param baseUrl what the provider's own SDK takes as its base URL, without a trailing slash
 * @param ways how it can be asked, the most preferred first
 * @param credential how calls to it are authenticated
 * @param settings what the operator said in the places of the row's URLs: region, project, location, api-version
 * @param handling how it is reached, and when it is let be
 */
public record Provider(
        String name,
        String family,
        URI baseUrl,
        List<Way> ways,
        Credential credential,
        Quirks quirks,
        Map<String, String> settings,
        Handling handling) {

    public Provider {
        ways = List.copyOf(ways);
        settings = Map.copyOf(settings);
    }

    /** A provider that is handled as all are by default. */
    public Provider(
            String name,
            String family,
            URI baseUrl,
            List<Way> ways,
            Credential credential,
            Quirks quirks,
            Map<String, String> settings) {
        this(name, family, baseUrl, ways, credential, quirks, settings, Handling.DEFAULT);
    }

    /** A provider of a row whose URLs have no places for settings. */
    public Provider(String name, String family, URI baseUrl, List<Way> ways, Credential credential, Quirks quirks) {
        this(name, family, baseUrl, ways, credential, quirks, Map.of());
    }

    /**
     * The way to ask this provider on behalf of a caller: in the caller's own dialect if it can be, otherwise the most
     * preferred; empty when it cannot do this, or not with this model.
     */
    public Optional<Way> way(Operation operation, String callers, String model) {
        Way preferred = null;
        for (Way way : ways) {
            if (way.operation() == operation && way.serves(model)) {
                if (way.dialect().equals(callers)) {
                    return Optional.of(way);
                }
                preferred = preferred == null ? way : preferred;
            }
        }
        return Optional.ofNullable(preferred);
    }

    /** Whom the gateway may call as: the pool of credentials, or the one there is. */
    public List<NamedCredential> credentials() {
        return handling.pool().isEmpty()
                ? List.of(new NamedCredential(NamedCredential.ONLY, credential, 1))
                : handling.pool();
    }

    /** The same provider, called as the one that this credential is for. */
    public Provider as(NamedCredential one) {
        return one.credential().equals(credential)
                ? this
                : new Provider(name, family, baseUrl, ways, one.credential(), quirks, settings, handling);
    }

    /** The same provider, handled in another way. */
    public Provider handled(Handling other) {
        return new Provider(name, family, baseUrl, ways, credential, quirks, settings, other);
    }
}
