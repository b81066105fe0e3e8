package dev.tollgate.config;

import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.ProviderRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The settings of a provider that say which key it is called with, or which keys in turn. */
final class KeySettings {
    private static final Setting<Provider, Secret> API_KEY = Setting.optional(
            "api-key",
            SecretText.SECRET,
            provider -> provider.handling().pool().isEmpty() ? secretOf(provider.credential()) : Optional.empty(),
            "The key that the gateway shows to the provider, always as a reference.");

    private static final Setting<Provider, List<PoolKey>> API_KEYS = Setting.optional(
            "api-keys",
            new ListOf<>(PoolKey.TYPE, 1),
            KeySettings::poolOf,
            "Several keys instead of `api-key`, which take turns. One that the provider does not accept, or whose limit is spent, "
                    + "is let be for a while.");

    static final List<Setting<Provider, ?>> ALL = List.of(API_KEY, API_KEYS);

    private KeySettings() {}

    static boolean isSet(Values values) {
        return said(values).isPresent();
    }

    /** The setting that says a key, if there is one. */
    static Optional<Setting<Provider, ?>> said(Values values) {
        return ALL.stream().filter(values::isSet).findFirst();
    }

    /** Notes keys that are too many, or for a provider that takes none, or missing. */
    static void check(Values values, ProviderRow row) {
        if (ALL.stream().allMatch(values::isSet)) {
            values.problem(API_KEYS, "either 'api-key' or 'api-keys', and not both");
        }
        if (!row.takesKey()) {
            said(values).ifPresent(setting -> values.problem(setting, row.name() + " takes no key"));
        }
        if (!isSet(values) && row.keyRequired()) {
            String variable = row.keyVariables().stream().findFirst().orElse("NAME");
            values.problem("'api-key' is missing; write api-key: \"${env:" + variable + "}\"");
        }
    }

    /** The key of a provider, or the first of several; empty when it has none. */
    static Optional<Secret> first(Values values) {
        return values.find(API_KEY)
                .or(() -> values.find(API_KEYS)
                        .flatMap(keys -> keys.stream().map(PoolKey::key).findFirst()));
    }

    /** The credentials to take turns with; empty where there is one key or none. Notes what stands there twice. */
    static List<NamedCredential> pool(Values values, ProviderRow row) {
        List<PoolKey> keys = values.find(API_KEYS).orElse(List.of());
        List<NamedCredential> pool = new ArrayList<>();
        Map<Object, Node> taken = new HashMap<>();
        for (int place = 0; place < keys.size(); place++) {
            PoolKey key = keys.get(place);
            String name = key.name() == null ? String.valueOf(place + 1) : key.name();
            Node at = ((SequenceNode) values.at(API_KEYS)).getValue().get(place);
            refuseTwice(taken, name, "the same name '" + name + "'", at, values);
            refuseTwice(taken, key.key(), "the same key", at, values);
            pool.add(new NamedCredential(name, row.keyed(key.key()), key.weight()));
        }
        return pool;
    }

    private static void refuseTwice(Map<Object, Node> taken, Object value, String what, Node at, Values values) {
        Node first = taken.putIfAbsent(value, at);
        if (first != null) {
            values.reading().problem(at, what + " as in line " + Reading.line(first));
        }
    }

    private static Optional<List<PoolKey>> poolOf(Provider provider) {
        List<PoolKey> pool = provider.handling().pool().stream()
                .flatMap(one -> secretOf(one.credential()).stream()
                        .map(secret -> new PoolKey(one.name(), secret, one.weight())))
                .toList();
        return pool.isEmpty() ? Optional.empty() : Optional.of(pool);
    }

    private static Optional<Secret> secretOf(Credential credential) {
        if (credential instanceof Credential.Bearer bearer) {
            return Optional.of(bearer.token());
        }
        return credential instanceof Credential.KeyHeader header ? Optional.of(header.key()) : Optional.empty();
    }
}
