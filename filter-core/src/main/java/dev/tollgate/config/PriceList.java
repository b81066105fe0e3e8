package dev.tollgate.config;

import dev.tollgate.tariff.Price;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Price lists in our own format, which has the same prices as the configuration, by what providers are like. */
public final class PriceList {

    /**
     * What the providers of one kind ask.
     *
     * @param sources where the prices were found
     * @param checked when they were
     * @param dated what follows a model's name where the provider dates it, as a regular expression
     * @param as the kinds whose prices hold too where this one has none of its own
     * @param reported where an answer's usage says what the call cost, as "cost.total_cost in usd"
     */
    public record Block(
            List<String> sources,
            Instant checked,
            Optional<String> dated,
            List<String> as,
            Optional<String> reported,
            Map<String, Price> models) {}

    private static final Setting<Block, List<String>> SOURCES =
            Setting.required("sources", new ListOf<>(Scalars.TEXT, 1), Block::sources, "Where the prices were found.");
    private static final Setting<Block, Instant> CHECKED =
            Setting.required("checked", Scalars.INSTANT, Block::checked, "When they were found there.");
    private static final Setting<Block, String> DATED =
            Setting.optional("dated", Scalars.TEXT, Block::dated, "What follows a name where it is dated.");
    private static final Setting<Block, List<String>> AS = Setting.withDefault(
            "as", new ListOf<>(Scalars.NAME, 1), List.of(), Block::as, "The kinds whose prices hold too.");
    private static final Setting<Block, String> REPORTED = Setting.optional(
            "reported",
            Scalars.matching("path and unit", "[a-z_.]+ in (?:usd|usd-ticks)", "is not a path and a unit"),
            Block::reported,
            "Where an answer's usage says what the call cost.");
    private static final Setting<Block, Map<String, Price>> MODELS = Setting.withDefault(
            "models",
            PriceSettings.by(
                    "model",
                    Scalars.matching("name of a model", "\\S+", "is not a name of a model"),
                    "What a model costs.",
                    PriceSettings::price),
            Map.of(),
            Block::models,
            "What its models cost.");

    private static final Type<Map<String, Block>> BLOCKS = new NamedSections<>(
            "kind of provider",
            Scalars.NAME,
            new Section<>(
                    "What the providers of one kind ask.",
                    List.of(SOURCES, CHECKED, DATED, AS, REPORTED, MODELS),
                    Set.of(),
                    values -> new Block(
                            values.get(SOURCES),
                            values.get(CHECKED),
                            values.find(DATED),
                            values.get(AS),
                            values.find(REPORTED),
                            values.get(MODELS))));

    private PriceList() {}

    /**
     * Reads a list.
     *
     * @param name the file's name, for messages
     * @throws ConfigException with everything that is wrong with it
     */
    public static Map<String, Block> parse(String name, String yaml) throws ConfigException {
        Node root = new YamlText(name).parse(yaml.getBytes(StandardCharsets.UTF_8));
        Reading reading = new Reading(name, Surroundings.of(Map.of()));
        Optional<Map<String, Block>> blocks = BLOCKS.read(root, reading);
        if (reading.problemCount() > 0) {
            throw new ConfigException(reading.problems());
        }
        return blocks.orElseThrow();
    }
}
