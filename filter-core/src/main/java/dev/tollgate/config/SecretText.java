package dev.tollgate.config;

import dev.tollgate.Secret;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A secret: in the file there is only a reference to it, and nothing ever shows its value. */
final class SecretText implements Type<Secret> {
    static final SecretText SECRET = new SecretText();

    private static final String REFERENCE = "\\$\\{[^}]+\\}";

    private SecretText() {}

    @Override
    public Optional<Secret> read(Node node, Reading reading) {
        if (node instanceof ScalarNode empty && empty.getValue().isBlank()) {
            reading.problem(
                    node, "the secret is empty; write ${env:NAME}, ${file:/path} or ${jndi:java:comp/env/name}");
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar) || !isReference(scalar)) {
            reading.problem(
                    node,
                    "a secret must not stand in the file; write ${env:NAME}, ${file:/path} or ${jndi:java:comp/env/name}");
            return Optional.empty();
        }
        return reading.text(scalar).map(String::strip).flatMap(text -> checked(text, node, reading));
    }

    /** Whether a value says where to find the secret, rather than being one. */
    static boolean isReference(ScalarNode scalar) {
        return scalar.getValue().strip().matches(REFERENCE);
    }

    private static Optional<Secret> checked(String text, Node node, Reading reading) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            reading.problem(node, "the secret is not one word of visible ASCII characters");
            return Optional.empty();
        }
        return Optional.of(new Secret(text));
    }

    @Override
    public ObjectNode schema() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "string")
                .put("pattern", "^\\s*" + REFERENCE + "\\s*$");
    }

    @Override
    public String phrase() {
        return "reference to a secret, as `${env:NAME}`";
    }

    @Override
    public JsonNode show(Secret value) {
        return JsonNodeFactory.instance.stringNode(value.toString());
    }
}
