package dev.tollgate.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Another name of a model, which nothing else in the file is called by. */
final class AliasName implements Type<String> {
    static final String KIND = "alias";

    private static final Scalar<String> NAME =
            Scalars.matching("name without `*`", "[^\\s*]+", "is not a name; an alias holds no '*' and no spaces");

    @Override
    public Optional<String> read(Node node, Reading reading) {
        Optional<String> name = NAME.read(node, reading);
        name.ifPresent(alias -> {
            reading.declare(KIND, alias, node);
            reading.takeOnce(KIND, alias, node);
            reading.later(() -> check(alias, node, reading));
        });
        return name;
    }

    private static void check(String alias, Node at, Reading reading) {
        reading.place("model", alias)
                .ifPresent(model -> reading.problem(
                        at, "the alias '" + alias + "' is the name of a model too, in line " + Reading.line(model)));
    }

    @Override
    public ObjectNode schema() {
        return NAME.schema();
    }

    @Override
    public String phrase() {
        return NAME.phrase();
    }

    @Override
    public JsonNode show(String value) {
        return NAME.show(value);
    }
}
