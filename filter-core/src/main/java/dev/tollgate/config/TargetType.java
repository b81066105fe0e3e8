package dev.tollgate.config;

import dev.tollgate.config.Settings.Ability;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.config.Settings.Traits;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
            "Its share of the calls, against the weights of its neighbours. Needs `pick: weighted`, `pick: least-busy` or "
                    + "`sticky`.");

    private static final Setting<Target, Long> TIER = Setting.withDefault(
            "tier",
            Scalars.count(1, 100),
            (long) Traits.NONE.tier(),
            target -> (long) target.traits().tier(),
            "Targets of a higher tier are asked only when none of a lower one can be.");

    private static final Setting<Target, List<String>> TAGS = Setting.withDefault(
            "tags",
            new ListOf<>(new TargetTag(true), 0),
            List.of(),
            target -> target.traits().tags().stream().sorted().toList(),
            "Words that keys (`target-tags`) and callers may need their targets to have, as `[eu]`.");

    private static final Setting<Target, Long> CONTEXT_WINDOW = Setting.optional(
            "context-window",
            Scalars.count(1, 1_000_000_000),
            target -> target.traits().contextWindow().stream().boxed().findFirst(),
            "The most tokens of input and output together, as `128k`. Calls that are certainly longer pass it over.");

    private static final Setting<Target, List<Ability>> LACKS = Setting.withDefault(
            "lacks",
            new ListOf<>(Scalars.choice(Ability.class), 0),
            List.of(),
            target -> target.traits().lacks().stream().sorted().toList(),
            "What it cannot do though others of its kind can. Calls that need it pass the target over.");

    private static final Section<Target> SECTION = new Section<>(
            "A model of a provider. `provider/model` alone is short for `{ use: provider/model }`.",
            List.of(USE, WEIGHT, TIER, TAGS, CONTEXT_WINDOW, LACKS),
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
        return new Target(provider, use.substring(slash + 1), Math.toIntExact(values.get(WEIGHT)), traits(values));
    }

    private static Traits traits(Values values) {
        return new Traits(
                Math.toIntExact(values.get(TIER)),
                Set.copyOf(values.get(TAGS)),
                values.find(CONTEXT_WINDOW).map(OptionalLong::of).orElse(OptionalLong.empty()),
                Set.copyOf(values.get(LACKS)));
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
