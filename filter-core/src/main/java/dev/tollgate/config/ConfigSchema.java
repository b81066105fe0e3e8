package dev.tollgate.config;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of the configuration file, for editors. */
final class ConfigSchema {

    private ConfigSchema() {}

    /** The schema as the text of a file. */
    static String text() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "tollgate.yaml");
        schema.setAll(FileSettings.FILE.schema());
        return schema.toPrettyString().replace("\r\n", "\n") + "\n";
    }
}
