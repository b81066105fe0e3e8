package dev.tollgate.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The keys and values of a YAML mapping, each key once. */
final class Entries {

    /** A key and its value. */
    record Entry(String key, Node keyNode, Node value) {}

    private Entries() {}

    /** The entries of a mapping, where nothing at all counts as an empty one; empty when it is none, which is noted. */
    static Optional<Iterable<Entry>> of(Node node, Reading reading) {
        if (node instanceof MappingNode mapping) {
            return Optional.of(entries(mapping, reading));
        }
        if (isNothing(node)) {
            return Optional.of(java.util.List.of());
        }
        reading.problem(node, "expected settings, as 'key: value', and not " + nameOf(node));
        return Optional.empty();
    }

    static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    /** What a node is, for a message. */
    static String nameOf(Node node) {
        if (isNothing(node)) {
            return "nothing";
        }
        return node.getNodeType() == NodeType.SCALAR
                ? "a single value"
                : node.getNodeType() == NodeType.SEQUENCE ? "a list" : "a mapping";
    }

    private static Iterable<Entry> entries(MappingNode mapping, Reading reading) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                Entry entry = new Entry(key.getValue(), key, tuple.getValueNode());
                Entry first = entries.putIfAbsent(key.getValue(), entry);
                if (first != null) {
                    int line = first.keyNode()
                            .getStartMark()
                            .map(m -> m.getLine() + 1)
                            .orElse(0);
                    reading.problem(key, "duplicate key '" + key.getValue() + "', which line " + line + " has too");
                }
            } else {
                reading.problem(tuple.getKeyNode(), "expected a key and not " + nameOf(tuple.getKeyNode()));
            }
        }
        return entries.values();
    }
}
