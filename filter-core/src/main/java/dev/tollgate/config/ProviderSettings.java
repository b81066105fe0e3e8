package dev.tollgate.config;

import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Identity;
import dev.tollgate.provider.Operation;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.ProviderRow;
import dev.tollgate.provider.ProviderRows;
import dev.tollgate.provider.Way;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of one provider. */
final class ProviderSettings {
    private static final Setting<Provider, String> LIKE = Setting.optional(
            "like",
            Scalars.NAME,
            provider -> Optional.of(provider.family()),
            "The known provider to start from. Needed unless this provider is called by a known provider's name.");

    private static final Setting<Provider, URI> BASE_URL = Setting.optional(
            "base-url",
            Scalars.BASE_URL,
            provider -> Optional.of(provider.baseUrl()),
            "What the provider's own SDK takes as its base URL: with `/v1` for those that speak OpenAI's format, without it "
                    + "for Anthropic's. Plain `http` only to loopback and private addresses. The known provider's own by "
                    + "default.");

    static final NamedSections<Provider> PROVIDERS = new NamedSections<>(
            "provider",
            Scalars.NAME,
            new Section<>(
                    "A place that answers AI calls, under a name of your own.",
                    settings(),
                    Set.of(),
                    ProviderSettings::checkLike,
                    ProviderSettings::make));

    private ProviderSettings() {}

    private static List<Setting<Provider, ?>> settings() {
        List<Setting<Provider, ?>> settings = new ArrayList<>(List.of(LIKE, BASE_URL));
        settings.addAll(KeySettings.ALL);
        settings.addAll(PlaceSettings.all());
        settings.addAll(IdentitySettings.all());
        settings.addAll(HandlingSettings.ALL);
        return settings;
    }

    private static @Nullable Provider make(Values values) {
        ProviderRow row = row(values).orElseThrow();
        Map<String, String> places = PlaceSettings.read(values, row);
        URI at = values.find(BASE_URL).or(() -> baseUrl(row, places)).orElse(null);
        Credential credential = credential(values, row, places);
        if (at == null) {
            if (row.baseUrl() == null) {
                values.problem("'base-url' is missing: " + row.name() + " has none of its own");
            }
            return null;
        }
        checkUrl(values, row, at);
        if (credential == null) {
            return null;
        }
        Handling handling = HandlingSettings.read(values, KeySettings.pool(values, row));
        return row.provider(values.name(), at, credential, places).handled(handling);
    }

    /** The row's own, where all its places are filled. */
    private static Optional<URI> baseUrl(ProviderRow row, Map<String, String> places) {
        boolean filled = row.settings().values().stream()
                .allMatch(setting -> !setting.required() || places.containsKey(setting.name()));
        return filled ? row.baseUrl(places) : Optional.empty();
    }

    private static @Nullable Credential credential(Values values, ProviderRow row, Map<String, String> places) {
        KeySettings.check(values, row);
        IdentitySettings.checkKinds(values, row);
        Identity identity = row.identity();
        Optional<Setting<Provider, ?>> said = KeySettings.said(values);
        if (identity != null && said.isPresent()) {
            IdentitySettings.checkBesideKey(values, said.get());
        }
        if (identity == null || said.isPresent()) {
            return row.keyed(KeySettings.first(values).orElse(null));
        }
        Optional<Secret> token = awsToken(values, row);
        return token.isPresent() ? row.keyed(token.get()) : IdentitySettings.read(values, identity, places);
    }

    /** Where the environment has a key of Bedrock's and the file says nothing else, AWS's own SDKs use it. */
    private static Optional<Secret> awsToken(Values values, ProviderRow row) {
        boolean silent = IdentitySettings.all().stream().noneMatch(values::isSet);
        if (!silent || !row.takesKey() || !isAws(row)) {
            return Optional.empty();
        }
        References references = values.reading().surroundings().references();
        return row.keyVariables().stream()
                .flatMap(variable -> references.found(variable).stream())
                .findFirst()
                .map(Secret::new);
    }

    private static boolean isAws(ProviderRow row) {
        return row.identity() != null && row.identity().kind() == Identity.Kind.AWS;
    }

    private static void checkLike(Values values) {
        boolean readable = values.find(LIKE).isPresent() || !values.isSet(LIKE);
        if (readable && row(values).isEmpty()) {
            ProviderRows rows = values.reading().surroundings().rows();
            values.problem(LIKE, unknown(like(values), rows, values.isSet(LIKE)));
        }
    }

    private static Optional<ProviderRow> row(Values values) {
        return values.reading().surroundings().rows().find(like(values));
    }

    private static String like(Values values) {
        return values.find(LIKE).orElse(values.name());
    }

    private static String unknown(String like, ProviderRows rows, boolean said) {
        Optional<String> near = Suggestion.nearest(like, rows.names());
        if (near.isPresent()) {
            return "no known provider is called '" + like + "' - did you mean '" + near.get() + "'?";
        }
        return said
                ? "no known provider is called '" + like + "'; known are " + String.join(", ", rows.names())
                : "'like' is missing: no known provider is called '" + like
                        + "'; one that speaks OpenAI's format is 'like: openai-compatible'";
    }

    private static void checkUrl(Values values, ProviderRow row, URI at) {
        if (!BaseUrl.isSafe(at, values.reading().surroundings().addresses())) {
            values.problem(BASE_URL, "plain http goes to loopback and private addresses only; write https");
        }
        if ("echo".equals(at.getScheme()) != row.name().equals("echo")) {
            values.problem(BASE_URL, "the echo: scheme and the provider echo belong together");
        }
        for (Way way : row.ways()) {
            if (way.operation() == Operation.RELAY || way.path().startsWith("/../")) {
                continue;
            }
            String repeated = BaseUrl.repeated(at, way.path());
            if (!repeated.isEmpty()) {
                values.problem(BASE_URL, "leave '" + repeated + "' out at the end: the gateway appends " + way.path());
                return;
            }
        }
    }
}
