package dev.tollgate.config;

import dev.tollgate.config.Settings.Target;
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

/** A target: settings, or {@code provider/model} alone. */
final class TargetType implements Type<Target> {
    static final TargetType TARGET = new TargetType();

    private static final Setting<Target, String> USE = Setting.required(
            "use",
            Scalars.matching(
                    "`provider/model`",
                    "[^\\s/*]+/[^\\s*]*\\*?[^\\s*]*(?<=[^/])",
                    "is not of the form provider/model, with at most one '*' in the model"),
            target -> target.provider() + "/" + target.model(),
            "The provider, by its name under `providers`, and its own name for the model. A `*` stands for what the `*` of "
                    + "the model's name matched.");

    private static final Setting<Target, Long> WEIGHT = Setting.withDefault(
            "weight",
            Scalars.count(1, 1_000_000),
            1L,
            target -> (long) target.weight(),
            "Its share of the calls, against the weights of its neighbours. Needs `pick: weighted`.");

    private static final Section<Target> SECTION = new Section<>(
            "A model of a provider. `provider/model` alone is short for `{ use: provider/model }`.",
            List.of(USE, WEIGHT),
            Set.of(),
            TargetType::make);

    private TargetType() {}

    @Override
    public Optional<Target> read(Node node, Reading reading) {
        if (!(node instanceof ScalarNode)) {
            return SECTION.read(node, reading);
        }
        Values values = new Values("", node, reading);
        values.read(USE, node);
        return values.find(USE).isEmpty() ? Optional.empty() : Optional.ofNullable(make(values));
    }

    private static @Nullable Target make(Values values) {
        String use = values.get(USE);
        int slash = use.indexOf('/');
        String provider = use.substring(0, slash);
        Reading reading = values.reading();
        Node at = values.at(USE);
        reading.later(() -> checkProvider(provider, at, reading));
        return new Target(provider, use.substring(slash + 1), Math.toIntExact(values.get(WEIGHT)));
    }

    private static void checkProvider(String name, Node at, Reading reading) {
        Set<String> declared = reading.declared("provider");
        if (!declared.contains(name)) {
            String ending = Suggestion.ending(name, declared);
            reading.problem(
                    at,
                    "no provider is called '" + name + "'" + (ending.isEmpty() ? "; add it under providers" : ending));
        }
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        ArrayNode either = schema.putArray("anyOf");
        either.add(USE.type().schema());
        either.add(SECTION.schema());
        return schema;
    }

    @Override
    public String phrase() {
        return "`provider/model` or section";
    }

    @Override
    public JsonNode show(Target value) {
        return SECTION.show(value);
    }

    @Override
    public void visit(String path, SectionVisitor visitor) {
        SECTION.visit(path, visitor);
    }
}
