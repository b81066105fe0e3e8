package dev.tollgate.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A list of values of one kind, with at least {@code least} of them. */
record ListOf<T>(Type<T> element, int least) implements Type<List<T>> {

    @Override
    public Optional<List<T>> read(Node node, Reading reading) {
        if (!(node instanceof SequenceNode sequence)) {
            reading.problem(node, "expected a list, as [a, b], and not " + Entries.nameOf(node));
            return Optional.empty();
        }
        if (sequence.getValue().size() < least) {
            reading.problem(node, "the list is empty");
        }
        List<T> read = new ArrayList<>();
        sequence.getValue().forEach(item -> element.read(item, reading).ifPresent(read::add));
        return Optional.of(read);
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
        schema.set("items", element.schema());
        if (least > 0) {
            schema.put("minItems", least);
        }
        return schema;
    }

    @Override
    public String phrase() {
        return "list of: " + element.phrase();
    }

    @Override
    public JsonNode show(List<T> values) {
        ArrayNode shown = JsonNodeFactory.instance.arrayNode();
        values.forEach(value -> shown.add(element.show(value)));
        return shown;
    }

    @Override
    public void visit(String path, SectionVisitor visitor) {
        element.visit(path + "[]", visitor);
    }
}
