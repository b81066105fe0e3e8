package dev.tollgate.config;

import dev.tollgate.Secret;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One of several keys of the gateway's for a provider.
 *
 * @param name what it is called; null for its place in the list
 */
record PoolKey(@Nullable String name, Secret key, int weight) {
    private static final Setting<PoolKey, String> NAME = Setting.optional(
            "name",
            Scalars.NAME,
            key -> Optional.ofNullable(key.name),
            "What logs, metrics and pages call it. Its place in the list by default, from `1`.");
    private static final Setting<PoolKey, Secret> KEY =
            Setting.required("key", SecretText.SECRET, PoolKey::key, "The key, always as a reference.");
    private static final Setting<PoolKey, Long> WEIGHT = Setting.withDefault(
            "weight",
            Scalars.count(1, 1_000_000),
            1L,
            key -> (long) key.weight,
            "Its share of the calls, against the weights of the others.");
    private static final Section<PoolKey> SECTION = new Section<>(
            "A key that the gateway shows to a provider, one of several. A reference alone is short for `{ key: … }`.",
            List.of(NAME, KEY, WEIGHT),
            Set.of(),
            values ->
                    new PoolKey(values.find(NAME).orElse(null), values.get(KEY), Math.toIntExact(values.get(WEIGHT))));

    static final Type<PoolKey> TYPE = new Written();

    /** Settings, or a reference alone. */
    private static final class Written implements Type<PoolKey> {
        @Override
        public Optional<PoolKey> read(Node node, Reading reading) {
            return node instanceof ScalarNode
                    ? SecretText.SECRET.read(node, reading).map(secret -> new PoolKey(null, secret, 1))
                    : SECTION.read(node, reading);
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = JsonNodeFactory.instance.objectNode();
            ArrayNode either = schema.putArray("anyOf");
            either.add(SecretText.SECRET.schema());
            either.add(SECTION.schema());
            return schema;
        }

        @Override
        public String phrase() {
            return SecretText.SECRET.phrase() + ", or section";
        }

        @Override
        public JsonNode show(PoolKey value) {
            return SECTION.show(value);
        }

        @Override
        public void visit(String path, SectionVisitor visitor) {
            SECTION.visit(path, visitor);
        }
    }
}
