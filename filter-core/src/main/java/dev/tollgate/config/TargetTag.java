package dev.tollgate.config;

import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tag of targets.
 *
 * @param given whether this gives it to a target; otherwise some target of the file must have it
 */
record TargetTag(boolean given) implements Type<String> {
    private static final String KIND = "tag";

    @Override
    public Optional<String> read(Node node, Reading reading) {
        Optional<String> tag = Scalars.TAG.read(node, reading);
        tag.ifPresent(word -> {
            if (given) {
                reading.declare(KIND, word, node);
            } else {
                reading.later(() -> check(word, node, reading));
            }
        });
        return tag;
    }

    private static void check(String tag, Node at, Reading reading) {
        Set<String> declared = reading.declared(KIND);
        if (!declared.contains(tag)) {
            reading.problem(at, "no target has the tag '" + tag + "'" + Suggestion.ending(tag, declared));
        }
    }

    @Override
    public ObjectNode schema() {
        return Scalars.TAG.schema();
    }

    @Override
    public String phrase() {
        return Scalars.TAG.phrase();
    }

    @Override
    public JsonNode show(String value) {
        return Scalars.TAG.show(value);
    }
}
