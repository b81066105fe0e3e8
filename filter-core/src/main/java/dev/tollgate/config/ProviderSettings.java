package dev.tollgate.config;

import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.ProviderRow;
import dev.tollgate.provider.ProviderRows;
import dev.tollgate.provider.Way;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of one provider. */
final class ProviderSettings {
    /** Rows of the product that this version does not have. */
    private static final Set<String> ROWS_TO_COME =
            Set.of("azure-openai", "gemini", "vertex", "bedrock", "cohere", "databricks", "sagemaker");

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

    private static final Setting<Provider, Secret> API_KEY = Setting.optional(
            "api-key",
            SecretText.SECRET,
            ProviderSettings::keyOf,
            "The key that the gateway shows to the provider, always as a reference.");

    static final NamedSections<Provider> PROVIDERS = new NamedSections<>(
            "provider",
            Scalars.NAME,
            new Section<>(
                    "A place that answers AI calls, under a name of your own.",
                    List.of(LIKE, BASE_URL, API_KEY),
                    Set.of(
                            "region",
                            "access-key-id",
                            "secret-access-key",
                            "session-token",
                            "api-version",
                            "project",
                            "location",
                            "service-account"),
                    ProviderSettings::checkLike,
                    ProviderSettings::make));

    private ProviderSettings() {}

    private static @Nullable Provider make(Values values) {
        ProviderRow row = row(values).orElseThrow();
        URI at = values.find(BASE_URL).or(() -> row.baseUrl(Map.of())).orElse(null);
        if (at == null) {
            values.problem("'base-url' is missing: " + row.name() + " has none of its own");
            return null;
        }
        checkUrl(values, row, at);
        checkKey(values, row);
        return row.provider(values.name(), at, values.find(API_KEY).orElse(null));
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
        if (ROWS_TO_COME.contains(like)) {
            return "provider '" + like + "' is not supported by this version";
        }
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
            String repeated = BaseUrl.repeated(at, way.path());
            if (!repeated.isEmpty()) {
                values.problem(BASE_URL, "leave '" + repeated + "' out at the end: the gateway appends " + way.path());
                return;
            }
        }
    }

    private static void checkKey(Values values, ProviderRow row) {
        if (values.isSet(API_KEY) && !row.takesKey()) {
            values.problem(API_KEY, row.name() + " takes no key");
        }
        if (!values.isSet(API_KEY) && row.keyRequired()) {
            String variable = row.keyVariables().stream().findFirst().orElse("NAME");
            values.problem("'api-key' is missing; write api-key: \"${env:" + variable + "}\"");
        }
    }

    private static Optional<Secret> keyOf(Provider provider) {
        Credential credential = provider.credential();
        if (credential instanceof Credential.Bearer bearer) {
            return Optional.of(bearer.token());
        }
        if (credential instanceof Credential.KeyHeader header) {
            return Optional.of(header.key());
        }
        return Optional.empty();
    }
}
