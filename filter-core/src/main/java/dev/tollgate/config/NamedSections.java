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
 * Sections of one kind by the names that the file gives them.
 *
 * @param kind what they are, in the singular: "provider"
 * @param names what a name may be
 */
record NamedSections<O>(String kind, Scalar<String> names, Section<O> section) implements Type<Map<String, O>> {

    @Override
    public Optional<Map<String, O>> read(Node node, Reading reading) {
        return Entries.of(node, reading).map(entries -> {
            Map<String, O> read = new LinkedHashMap<>();
            entries.forEach(entry -> read(entry, reading).ifPresent(value -> read.put(entry.key(), value)));
            return read;
        });
    }

    private Optional<O> read(Entry entry, Reading reading) {
        reading.declare(kind, entry.key(), entry.keyNode());
        if (names.parse(entry.key(), entry.key(), entry.keyNode(), reading).isEmpty()) {
            return Optional.empty();
        }
        return section.read(entry.key(), entry.keyNode(), entry.value(), reading);
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("type").add("object").add("null");
        ObjectNode names = this.names.schema();
        names.remove("type");
        schema.set("propertyNames", names);
        schema.set("additionalProperties", section.schema());
        return schema;
    }

    @Override
    public String phrase() {
        return "sections by " + kind;
    }

    @Override
    public JsonNode show(Map<String, O> values) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        values.forEach((name, value) -> shown.set(name, section.show(value)));
        return shown;
    }

    @Override
    public void visit(String path, SectionVisitor visitor) {
        section.visit(path + ".<" + kind + ">", visitor);
    }
}
