package dev.tollgate.config;

import dev.tollgate.config.Entries.Entry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Single values by the names of what they belong to.
 *
 * @param kind what they belong to, in the singular: "provider"
 */
record NamedValues(String kind, Scalar<String> names, Scalar<String> values) implements Type<Map<String, String>> {

    @Override
    public Optional<Map<String, String>> read(Node node, Reading reading) {
        return Entries.of(node, reading).map(entries -> {
            Map<String, String> read = new LinkedHashMap<>();
            entries.forEach(entry -> read(entry, reading).ifPresent(value -> read.put(entry.key(), value)));
            return read;
        });
    }

    private Optional<String> read(Entry entry, Reading reading) {
        return names.parse(entry.key(), entry.key(), entry.keyNode(), reading).isEmpty()
                ? Optional.empty()
                : values.read(entry.value(), reading);
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("type").add("object").add("null");
        schema.set("additionalProperties", values.schema());
        return schema;
    }

    @Override
    public String phrase() {
        return "values by " + kind;
    }

    @Override
    public JsonNode show(Map<String, String> shown) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        shown.forEach((name, value) -> node.set(name, values.show(value)));
        return node;
    }
}
