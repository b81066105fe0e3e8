package dev.tollgate.config;

import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A name, or pattern, of models that the file declares.
 *
 * @param aliases whether it may be an alias
 */
record ModelName(boolean aliases) implements Type<String> {

    @Override
    public Optional<String> read(Node node, Reading reading) {
        Optional<String> name = Scalars.MODEL.read(node, reading);
        name.ifPresent(known -> reading.later(() -> check(known, node, reading)));
        return name;
    }

    private void check(String name, Node at, Reading reading) {
        Optional<Node> alias = aliases ? Optional.empty() : reading.place(AliasName.KIND, name);
        if (alias.isPresent()) {
            reading.problem(
                    at,
                    "'" + name + "' is an alias, in line " + Reading.line(alias.get()) + "; write its model's name");
        } else if (!ModelSettings.answers(name, reading)) {
            Set<String> declared = reading.declared("model");
            reading.problem(at, "no model is called '" + name + "' under models" + Suggestion.ending(name, declared));
        }
    }

    @Override
    public ObjectNode schema() {
        return Scalars.MODEL.schema();
    }

    @Override
    public String phrase() {
        return Scalars.MODEL.phrase();
    }

    @Override
    public JsonNode show(String value) {
        return Scalars.MODEL.show(value);
    }
}
