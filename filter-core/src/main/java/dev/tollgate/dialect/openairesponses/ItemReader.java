package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.Fields;
import dev.tollgate.dialect.Seal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the items that a model produces, in a conversation and in an answer. Several items in a row are one turn of the
 * model's, so what is left over of its messages is kept under their paths, for the turn as a whole.
 */
final class ItemReader {
    static final String CUSTOM_CALL = "custom_tool_call";

    /** The member by which the proof of a tool call, sealed in a reasoning item, names its call. */
    static final String PROOF_OF = "proof_of";

    private final String base;
    private final Set<String> customTools;
    private final Map<String, Opaque> proofs;
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, JsonNode> rests = new LinkedHashMap<>();

    /**
     * @param base the path that the items' own paths begin with, up to its dot; empty for a request
     * @param customTools names of tools that take plain text and that the caller runs
     * @param proofs what the makers of tool calls want back with them, by the calls' ids
     */
    ItemReader(String base, Set<String> customTools, Map<String, Opaque> proofs) {
        this.base = base;
        this.customTools = customTools;
        this.proofs = proofs;
    }

    List<Part> parts() {
        return parts;
    }

    /** What is left over of the turn's messages. */
    Extras rest() {
        return new Extras(OpenAiResponses.ID, base, rests);
    }

    void read(Fields item, String type) {
        item.label("id", "status");
        switch (type) {
            case "message" -> message(item);
            case "reasoning" -> reasoning(item);
            case "function_call" -> call(item);
            case CUSTOM_CALL -> customCall(item);
            default -> foreign(item, type);
        }
    }

    private void foreign(Fields item, String type) {
        String name = type.isEmpty() ? "item" : type;
        parts.add(new Part.Foreign(name, new Opaque(OpenAiResponses.ID, item.path(name), item.node())));
    }

    private void message(Fields item) {
        item.take("type");
        item.take("role");
        item.label("phase");
        parts.addAll(ContentReader.read(item, "content"));
        String at = base.isEmpty() ? item.path() : item.path().substring(base.length() + 1);
        item.rest().fields().forEach((name, value) -> rests.put(at + '.' + name, value));
    }

    private void call(Fields item) {
        item.take("type");
        item.label("namespace");
        String id = item.need("call_id");
        String name = item.need("name");
        String arguments = item.text("arguments");
        Extras rest = item.rest();
        JsonNode namespace = item.peek("namespace");
        if (namespace != null && namespace.isString()) {
            rest = with(rest, "name", item.node().path("name"));
            name = ToolNames.flat(namespace.stringValue(), name);
        }
        parts.add(new Part.ToolCall(id, name, arguments == null ? "" : arguments, proofs.get(id), null, rest));
    }

    /** The call of a tool that takes plain text: to other dialects, of a function that takes it as its one argument. */
    private void customCall(Fields item) {
        String name = item.node().path("name").asString("");
        JsonNode namespace = item.peek("namespace");
        String flat = namespace == null ? name : ToolNames.flat(namespace.asString(""), name);
        if (!customTools.contains(flat)) {
            foreign(item, CUSTOM_CALL);
            return;
        }
        String id = item.need("call_id");
        item.label("type", "input", "name", "namespace");
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        input.put(ToolNames.INPUT, item.node().path("input").asString(""));
        parts.add(new Part.ToolCall(id, flat, input.toString(), proofs.get(id), null, item.rest()));
    }

    private void reasoning(Fields item) {
        JsonNode encrypted = item.peek("encrypted_content");
        Opaque sealed = encrypted == null ? null : opened(encrypted, item.path("encrypted_content"));
        if (sealed != null && sealed.value().has(PROOF_OF)) {
            return; // belongs to a call
        }
        item.take("type");
        item.label("summary", "content");
        Opaque proof = sealed == null ? own(item) : sealed;
        parts.add(new Part.Reasoning(text(item.node()), proof, item.rest()));
    }

    static @Nullable Opaque opened(JsonNode encrypted, String at) {
        return encrypted.isString() ? Seal.open(encrypted.stringValue(), at).orElse(null) : null;
    }

    private static @Nullable Opaque own(Fields item) {
        JsonNode encrypted = item.peek("encrypted_content");
        if (encrypted == null) {
            return null;
        }
        item.take("encrypted_content");
        item.label("format");
        return proof(item.node(), item.path("encrypted_content"));
    }

    /** What proves a reasoning item: its encrypted form, and the id and the format that go with it. */
    static Opaque proof(JsonNode item, String at) {
        ObjectNode proof = JsonNodeFactory.instance.objectNode();
        for (String name : new String[] {"id", "format", "encrypted_content"}) {
            if (item.hasNonNull(name)) {
                proof.set(name, item.get(name));
            }
        }
        return new Opaque(OpenAiResponses.ID, at, proof);
    }

    /** The reasoning that an item shows: its summary, or its own words where there is none. */
    static String text(JsonNode item) {
        String summary = joined(item.path("summary"));
        return summary.isEmpty() ? joined(item.path("content")) : summary;
    }

    private static String joined(JsonNode texts) {
        StringBuilder joined = new StringBuilder();
        for (JsonNode text : texts) {
            joined.append(joined.isEmpty() ? "" : "\n\n")
                    .append(text.path("text").asString(""));
        }
        return joined.toString();
    }

    private static Extras with(Extras extras, String label, JsonNode value) {
        Map<String, JsonNode> fields = new LinkedHashMap<>(extras.fields());
        fields.put(Extras.LABEL + label, value);
        return new Extras(extras.dialect(), extras.at(), fields);
    }
}
