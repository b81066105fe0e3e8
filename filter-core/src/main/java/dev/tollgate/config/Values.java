package dev.tollgate.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** What one section of the file says: the values of its settings and where they stand. */
final class Values {
    private final String name;
    private final Node at;
    private final Reading reading;
    private final Map<Setting<?, ?>, Object> values = new HashMap<>();
    private final Map<Setting<?, ?>, Node> nodes = new HashMap<>();

    /**
     * @param name the name the section stands under, or an empty string
     * @param at where the section, or its name, stands
     */
    Values(String name, Node at, Reading reading) {
        this.name = name;
        this.at = at;
        this.reading = reading;
    }

    String name() {
        return name;
    }

    Reading reading() {
        return reading;
    }

    Node at() {
        return at;
    }

    /** Where a setting stands, or its section when it is not there. */
    Node at(Setting<?, ?> setting) {
        return nodes.getOrDefault(setting, at);
    }

    boolean isSet(Setting<?, ?> setting) {
        return nodes.containsKey(setting);
    }

    /** Reads a setting from where it stands. */
    <T> void read(Setting<?, T> setting, Node node) {
        nodes.put(setting, node);
        setting.type().read(node, reading).ifPresent(value -> values.put(setting, value));
    }

    /** The value of a setting that is there, or its default. */
    @SuppressWarnings("unchecked") // read() puts a T for a Setting<?, T>
    <T> Optional<T> find(Setting<?, T> setting) {
        T value = (T) values.get(setting);
        return value == null ? setting.fallback() : Optional.of(value);
    }

    /** The value of a setting that is required or has a default. */
    <T> T get(Setting<?, T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException("no value for " + setting.key()));
    }

    /** Notes that something is wrong with a setting. */
    void problem(Setting<?, ?> setting, String message) {
        reading.problem(at(setting), message);
    }

    /** Notes that something is wrong with the section. */
    void problem(String message) {
        reading.problem(at, message);
    }
}
