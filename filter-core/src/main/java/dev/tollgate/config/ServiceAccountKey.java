package dev.tollgate.config;

import dev.tollgate.provider.Credential.ServiceAccount;
import dev.tollgate.provider.ServiceAccountFile;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The key of a service account of Google's: a reference to the JSON file that Google gives out. */
final class ServiceAccountKey implements Type<ServiceAccount> {
    static final ServiceAccountKey KEY = new ServiceAccountKey();

    private ServiceAccountKey() {}

    @Override
    public Optional<ServiceAccount> read(Node node, Reading reading) {
        if (!(node instanceof ScalarNode scalar) || !SecretText.isReference(scalar)) {
            reading.problem(node, "a key must not stand in the file; write ${file:/path} of the key's JSON file");
            return Optional.empty();
        }
        return reading.text(scalar).flatMap(text -> parsed(text, node, reading));
    }

    private static Optional<ServiceAccount> parsed(String text, Node node, Reading reading) {
        try {
            return Optional.of(ServiceAccountFile.parse(text));
        } catch (IllegalArgumentException e) {
            reading.problem(node, "the service account's key " + e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public ObjectNode schema() {
        return SecretText.SECRET.schema();
    }

    @Override
    public String phrase() {
        return "reference to a key's JSON file, as `${file:/path}`";
    }

    @Override
    public JsonNode show(ServiceAccount value) {
        return JsonNodeFactory.instance.stringNode(value.privateKey().toString());
    }
}
