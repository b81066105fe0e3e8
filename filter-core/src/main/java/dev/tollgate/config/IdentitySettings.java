package dev.tollgate.config;

import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Credential.AwsKeys;
import dev.tollgate.provider.Credential.ServiceAccount;
import dev.tollgate.provider.Identity;
import dev.tollgate.provider.Identity.Kind;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.ProviderRow;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings of a provider that say who calls it where that is more than a key. */
final class IdentitySettings {
    private static final URI MICROSOFT = URI.create("https://login.microsoftonline.com");

    private static final Setting<Provider, String> ACCESS_KEY_ID = Setting.optional(
            "access-key-id",
            Scalars.LABEL,
            of(
                    Credential.Aws.class,
                    aws -> aws.keys() == null ? null : aws.keys().accessKeyId()),
            "AWS: the id of the key that signs calls. Without it the usual chain is asked: the environment, a web "
                    + "identity, the profile, the container's and the machine's role.");

    private static final Setting<Provider, Secret> SECRET_ACCESS_KEY = Setting.optional(
            "secret-access-key",
            SecretText.SECRET,
            of(
                    Credential.Aws.class,
                    aws -> aws.keys() == null ? null : aws.keys().secretAccessKey()),
            "AWS: the key that signs calls, always as a reference.");

    private static final Setting<Provider, Secret> SESSION_TOKEN = Setting.optional(
            "session-token",
            SecretText.SECRET,
            of(
                    Credential.Aws.class,
                    aws -> aws.keys() == null ? null : aws.keys().sessionToken()),
            "AWS: the token that comes with temporary keys, always as a reference.");

    private static final Setting<Provider, String> PROFILE = Setting.optional(
            "profile",
            Scalars.NAME,
            of(Credential.Aws.class, Credential.Aws::profile),
            "AWS: the profile of AWS's configuration files that has the keys.");

    private static final Setting<Provider, ServiceAccount> SERVICE_ACCOUNT = Setting.optional(
            "service-account",
            ServiceAccountKey.KEY,
            of(Credential.Google.class, Credential.Google::account),
            "Google: the key of the service account that calls are made for. Without it the file that "
                    + "`GOOGLE_APPLICATION_CREDENTIALS` names, or the machine's own account.");

    private static final Setting<Provider, String> TENANT = Setting.optional(
            "tenant",
            Scalars.LABEL,
            of(Credential.Entra.class, Credential.Entra::tenant),
            "Azure: the tenant of Microsoft Entra ID in which the application is registered.");

    private static final Setting<Provider, String> CLIENT_ID = Setting.optional(
            "client-id",
            Scalars.LABEL,
            of(Credential.Entra.class, Credential.Entra::clientId),
            "Azure: the id of the application that calls are made for, instead of a key.");

    private static final Setting<Provider, Secret> CLIENT_SECRET = Setting.optional(
            "client-secret",
            SecretText.SECRET,
            of(Credential.Entra.class, Credential.Entra::clientSecret),
            "Azure: the application's secret, always as a reference.");

    private static final Setting<Provider, URI> AUTHORITY = Setting.optional(
            "authority",
            Scalars.BASE_URL,
            of(Credential.Entra.class, Credential.Entra::authority),
            "Azure: the login service, for national clouds; `" + MICROSOFT + "` by default.");

    /** In the order in which they are documented, each with whose identity it is part of. */
    private static final Map<Setting<Provider, ?>, Kind> KINDS = kinds();

    private IdentitySettings() {}

    private static Map<Setting<Provider, ?>, Kind> kinds() {
        Map<Setting<Provider, ?>, Kind> kinds = new LinkedHashMap<>();
        List.of(ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN, PROFILE).forEach(aws -> kinds.put(aws, Kind.AWS));
        kinds.put(SERVICE_ACCOUNT, Kind.GOOGLE);
        List.of(TENANT, CLIENT_ID, CLIENT_SECRET, AUTHORITY).forEach(azure -> kinds.put(azure, Kind.ENTRA));
        return kinds;
    }

    static List<Setting<Provider, ?>> all() {
        return List.copyOf(KINDS.keySet());
    }

    /** Notes settings of other providers' identities. */
    static void checkKinds(Values values, ProviderRow row) {
        Identity identity = row.identity();
        KINDS.forEach((setting, kind) -> {
            if (values.isSet(setting) && (identity == null || identity.kind() != kind)) {
                values.problem(setting, row.name() + " takes no '" + setting.key() + "'");
            }
        });
    }

    /** Notes settings beside a key that stands for all of them. */
    static void checkBesideKey(Values values, Setting<Provider, ?> key) {
        KINDS.keySet().stream()
                .filter(values::isSet)
                .findFirst()
                .ifPresent(setting ->
                        values.problem(setting, "either '" + key.key() + "' or '" + setting.key() + "', and not both"));
    }

    /** The identity that the settings describe; null when they are not enough, which is noted. */
    static @Nullable Credential read(Values values, Identity identity, Map<String, String> places) {
        return switch (identity.kind()) {
            case AWS -> aws(values, identity, places.getOrDefault("region", ""));
            case GOOGLE -> new Credential.Google(values.find(SERVICE_ACCOUNT).orElse(null), identity.scope());
            case ENTRA -> entra(values, identity);
        };
    }

    private static @Nullable Credential aws(Values values, Identity identity, String region) {
        boolean keyed = values.isSet(ACCESS_KEY_ID) || values.isSet(SECRET_ACCESS_KEY) || values.isSet(SESSION_TOKEN);
        if (!keyed) {
            return new Credential.Aws(
                    identity.scope(), region, null, values.find(PROFILE).orElse(null));
        }
        if (values.isSet(PROFILE)) {
            values.problem(PROFILE, "either 'profile' or keys, and not both");
        }
        if (needs(values, List.of(ACCESS_KEY_ID, SECRET_ACCESS_KEY))) {
            AwsKeys keys = new AwsKeys(
                    values.get(ACCESS_KEY_ID),
                    values.get(SECRET_ACCESS_KEY),
                    values.find(SESSION_TOKEN).orElse(null));
            return new Credential.Aws(identity.scope(), region, keys, null);
        }
        return null;
    }

    private static @Nullable Credential entra(Values values, Identity identity) {
        List<Setting<Provider, ?>> needed = List.of(TENANT, CLIENT_ID, CLIENT_SECRET);
        if (needed.stream().noneMatch(values::isSet)) {
            values.problem("'api-key' is missing, or 'tenant', 'client-id' and 'client-secret'");
            return null;
        }
        URI authority = values.find(AUTHORITY).orElse(MICROSOFT);
        if (!BaseUrl.isSafe(authority, values.reading().surroundings().addresses())) {
            values.problem(AUTHORITY, "plain http goes to loopback and private addresses only; write https");
        }
        if (!needs(values, needed)) {
            return null;
        }
        return new Credential.Entra(
                authority, values.get(TENANT), values.get(CLIENT_ID), values.get(CLIENT_SECRET), identity.scope());
    }

    private static boolean needs(Values values, List<Setting<Provider, ?>> settings) {
        List<String> missing = settings.stream()
                .filter(setting -> !values.isSet(setting))
                .map(setting -> "'" + setting.key() + "'")
                .toList();
        if (!missing.isEmpty()) {
            values.problem(String.join(" and ", missing) + (missing.size() == 1 ? " is missing" : " are missing"));
        }
        return missing.isEmpty();
    }

    private static <C extends Credential, T> Function<Provider, Optional<T>> of(
            Class<C> kind, Function<C, @Nullable T> part) {
        return provider -> kind.isInstance(provider.credential())
                ? Optional.ofNullable(part.apply(kind.cast(provider.credential())))
                : Optional.empty();
    }
}
