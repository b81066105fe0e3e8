package dev.tollgate.config;

import dev.tollgate.config.Entries.Entry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A group of settings that describe one thing.
 *
 * @param about what the thing is, in Markdown, as one or two sentences
 * @param notYet keys of the product that this version does not have; they are refused by that name
 * @param check looks at what could be read even where other settings could not, so that all problems come at once
 * @param maker makes the thing; null when the values do not fit together, which it notes
 */
record Section<O>(
        String about, List<Setting<O, ?>> settings, Set<String> notYet, Consumer<Values> check, Maker<O> maker)
        implements Type<O> {

    /** Makes what a section describes. */
    interface Maker<O> {
        @Nullable
        O make(Values values);
    }

    Section(String about, List<Setting<O, ?>> settings, Set<String> notYet, Maker<O> maker) {
        this(about, settings, notYet, values -> {}, maker);
    }

    Section {
        settings = List.copyOf(settings);
        notYet = new TreeSet<>(notYet);
    }

    @Override
    public Optional<O> read(Node node, Reading reading) {
        return read("", node, node, reading);
    }

    /**
     * Reads a section that has a name.
     *
     * @param at where the name stands
     */
    Optional<O> read(String name, Node at, Node node, Reading reading) {
        int before = reading.problemCount();
        Values values = new Values(name, at, reading);
        Entries.of(node, reading).ifPresent(entries -> {
            entries.forEach(entry -> read(entry, values));
            settings.stream()
                    .filter(setting -> setting.required() && !values.isSet(setting))
                    .forEach(setting -> values.problem("'" + setting.key() + "' is missing"));
        });
        check.accept(values);
        if (reading.problemCount() > before) {
            return Optional.empty();
        }
        O made = maker.make(values);
        return reading.problemCount() > before ? Optional.empty() : Optional.ofNullable(made);
    }

    private void read(Entry entry, Values values) {
        for (Setting<O, ?> setting : settings) {
            if (setting.key().equals(entry.key())) {
                values.read(setting, entry.value());
                return;
            }
        }
        values.reading().problem(entry.keyNode(), unknown(entry.key()));
    }

    private String unknown(String key) {
        if (notYet.contains(key)) {
            return "'" + key + "' is not supported by this version";
        }
        if (key.equals("<<")) {
            return "merge keys are no part of YAML 1.2; name the settings themselves, or refer to a whole section";
        }
        List<String> known = settings.stream().map(Setting::key).toList();
        return "unknown key '" + key + "'"
                + Suggestion.nearest(key, known)
                        .map(near -> " - did you mean '" + near + "'?")
                        .orElse("; known here: " + String.join(", ", known));
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("type").add("object").add("null");
        schema.put("description", about);
        ObjectNode properties = schema.putObject("properties");
        settings.forEach(setting -> properties.set(setting.key(), schemaOf(setting)));
        schema.put("additionalProperties", false);
        List<String> required =
                settings.stream().filter(Setting::required).map(Setting::key).toList();
        if (!required.isEmpty()) {
            ArrayNode names = schema.putArray("required");
            required.forEach(names::add);
            schema.put("type", "object");
        }
        return schema;
    }

    private static <T> ObjectNode schemaOf(Setting<?, T> setting) {
        ObjectNode schema = setting.type().schema();
        schema.put("description", setting.about());
        setting.fallback()
                .ifPresent(value -> schema.set("default", setting.type().show(value)));
        return schema;
    }

    @Override
    public String phrase() {
        return "section";
    }

    @Override
    public JsonNode show(O owner) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        settings.forEach(setting -> setting.show(owner).ifPresent(value -> shown.set(setting.key(), value)));
        return shown;
    }

    @Override
    public void visit(String path, SectionVisitor visitor) {
        visitor.section(path, this);
        settings.forEach(
                setting -> setting.type().visit(path.isEmpty() ? setting.key() : path + "." + setting.key(), visitor));
    }
}
