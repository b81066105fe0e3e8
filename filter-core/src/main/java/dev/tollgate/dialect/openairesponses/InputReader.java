package dev.tollgate.dialect.openairesponses;

import dev.tollgate.Refusal;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.Fields;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads {@code instructions} and {@code input}. Items that the model produced in a row are one message of its. */
final class InputReader {
    private final Fields body;
    private final Set<String> customTools;
    private final Map<String, Opaque> proofs = new HashMap<>();
    private final List<Message> messages = new ArrayList<>();
    private @Nullable ItemReader turn;

    InputReader(Fields body, Set<String> customTools) {
        this.body = body;
        this.customTools = customTools;
    }

    List<Message> read() {
        if (body.peek("instructions") != null) {
            messages.add(new Message(Role.SYSTEM, List.of(text("instructions")), place("instructions")));
        }
        JsonNode input = body.peek("input");
        if (input != null && input.isString()) {
            messages.add(new Message(Role.USER, List.of(text("input")), place("input")));
        } else {
            items();
        }
        return messages;
    }

    private Part text(String name) {
        return new Part.Text(body.need(name), null, place(name));
    }

    private static Extras place(String at) {
        return new Extras(OpenAiResponses.ID, at, Map.of());
    }

    private void items() {
        List<JsonNode> elements = body.list("input");
        int index = 0;
        for (JsonNode element : elements) {
            proof(element, index++);
        }
        index = 0;
        for (JsonNode element : elements) {
            Fields item = body.element(element, "input", index++);
            if (item != null) {
                item(item);
            }
        }
        endTurn();
    }

    /** Notes the proof of a tool call, which callers keep in an item of its own. */
    private void proof(JsonNode item, int index) {
        JsonNode encrypted = item.path("encrypted_content");
        Opaque sealed = ItemReader.opened(encrypted, "input[" + index + "].encrypted_content");
        if (sealed != null && sealed.value().path(ItemReader.PROOF_OF).isString()) {
            Opaque proof = new Opaque(
                    sealed.dialect(),
                    sealed.family(),
                    sealed.at(),
                    sealed.value().path("value"));
            proofs.put(sealed.value().path(ItemReader.PROOF_OF).stringValue(), proof);
        }
    }

    private void item(Fields item) {
        JsonNode given = item.peek("type");
        String type = given == null ? "message" : item.kind("type");
        if (type.equals("message") && !item.node().path("role").asString("").equals("assistant")) {
            endTurn();
            heard(item);
        } else if (type.endsWith("_call_output") || type.endsWith("_response")) {
            endTurn();
            output(item, type);
        } else {
            if (turn == null) {
                turn = new ItemReader("", customTools, proofs);
            }
            turn.read(item, type);
        }
    }

    private void endTurn() {
        if (turn != null && !(turn.parts().isEmpty() && turn.rest().isEmpty())) {
            messages.add(new Message(Role.ASSISTANT, turn.parts(), turn.rest()));
        }
        turn = null;
    }

    private void heard(Fields item) {
        item.take("type");
        item.label("id", "status");
        Role role = role(item);
        if (item.peek("content") == null) {
            item.refuse("content", "a string or a list of parts");
        }
        List<Part> parts = ContentReader.read(item, "content");
        messages.add(new Message(role, parts, item.rest()));
    }

    private static Role role(Fields item) {
        String role = item.need("role");
        return switch (role) {
            case "user" -> Role.USER;
            case "system" -> Role.SYSTEM;
            case "developer" -> Role.DEVELOPER;
            default ->
                throw Refusal.badField(
                        item.path("role"), "'" + item.path("role") + "' must be user, system, developer or assistant");
        };
    }

    /** What a tool answered; of a kind of tool that only this dialect has, kept whole. */
    private void output(Fields item, String type) {
        boolean custom = type.equals("custom_tool_call_output");
        if (!custom && !type.equals("function_call_output")) {
            Opaque whole = new Opaque(OpenAiResponses.ID, item.path(type), item.node());
            messages.add(new Message(Role.USER, List.of(new Part.Foreign(type, whole)), place(item.path())));
            return;
        }
        String id = item.need("call_id");
        if (!custom) {
            item.take("type");
        }
        item.label("id", "status", "type", "name");
        List<Part> content = output(item);
        Part result = new Part.ToolResult(id, content, false, null, item.rest());
        messages.add(new Message(Role.TOOL, List.of(result), place(item.path())));
    }

    /** The output: a string, a list of parts, or, from some callers, any other JSON, whose text it then is. */
    private static List<Part> output(Fields item) {
        JsonNode output = item.peek("output");
        if (output == null || output.isString() || output.isArray()) {
            return ContentReader.read(item, "output");
        }
        item.label("output");
        return List.of(new Part.Text(Json.text(output), null, place(item.path("output"))));
    }
}
