package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Sampling;
import dev.tollgate.dialect.Fields;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a Converse request. Its model and whether to stream stand in its path. */
final class RequestReader {
    private final Fields body;

    private RequestReader(Fields body) {
        this.body = body;
    }

    static ChatRequest read(ObjectNode body) {
        return read(Fields.strict(body, Bedrock.ID));
    }

    static ChatRequest read(Fields body) {
        return new RequestReader(body).read();
    }

    private ChatRequest read() {
        if (body.peek("messages") == null && body.peek("promptVariables") == null) {
            body.refuse("messages", "given");
        }
        Fields output = body.object("outputConfig");
        ModelFields model = new ModelFields(body.object("additionalModelRequestFields"), output);
        Fields tools = body.object("toolConfig");
        return new ChatRequest(
                "",
                messages(),
                tools == null ? List.of() : ToolFields.tools(tools),
                tools == null ? null : ToolFields.choice(tools.object("toolChoice")),
                null,
                sampling(model),
                output == null ? null : format(output.object("textFormat")),
                model.thinking(),
                hints(),
                false,
                true,
                body.rest());
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        List<Part> system = ContentReader.content(body, "system");
        if (!system.isEmpty()) {
            messages.add(new Message(Role.SYSTEM, system, new Extras(Bedrock.ID, "system", Map.of())));
        }
        body.each("messages", message -> messages.add(message(message)));
        return messages;
    }

    private static Message message(Fields message) {
        Role role = role(message);
        if (message.peek("content") == null) {
            message.refuse("content", "a list of blocks");
        }
        List<Part> parts = ContentReader.content(message, "content");
        return new Message(role, parts, message.rest());
    }

    private static Role role(Fields message) {
        String role = message.need("role");
        switch (role) {
            case "user" -> {
                return Role.USER;
            }
            case "assistant" -> {
                return Role.ASSISTANT;
            }
            case "system" -> {
                return Role.SYSTEM;
            }
            default -> {
                message.refuse("role", "user, assistant or system");
                throw new AssertionError(role);
            }
        }
    }

    private Sampling sampling(ModelFields model) {
        Fields inference = body.object("inferenceConfig");
        if (inference == null) {
            return new Sampling(null, null, null, model.topK(), null, null, null, null, null, List.of());
        }
        return new Sampling(
                inference.whole("maxTokens"),
                inference.number("temperature"),
                inference.number("topP"),
                model.topK(),
                null,
                null,
                null,
                null,
                null,
                inference.texts("stopSequences"));
    }

    /** The form of the answer. Its schema is text here, which the same dialect gets back as it was. */
    private static @Nullable OutputFormat format(@Nullable Fields format) {
        Fields structure = format == null ? null : format.object("structure");
        Fields schema = structure == null ? null : structure.object("jsonSchema");
        if (format == null || schema == null || !format.kind("type").equals("json_schema")) {
            return null;
        }
        format.take("type");
        schema.label("schema");
        return new OutputFormat.Schema(schema.text("name"), schema.text("description"), schema(schema), null);
    }

    private static JsonNode schema(Fields format) {
        JsonNode text = format.peek("schema");
        try {
            if (text != null && Json.read(text.asString("")) instanceof ObjectNode schema) {
                return schema;
            }
        } catch (JacksonException e) {
            // refused below
        }
        format.refuse("schema", "a JSON schema as text");
        throw new AssertionError(text);
    }

    private Hints hints() {
        Fields tier = body.object("serviceTier");
        JsonNode labels = body.peek("requestMetadata");
        return new Hints(
                null,
                tier == null ? null : tier.text("type"),
                null,
                null,
                labels instanceof ObjectNode ? body.take("requestMetadata") : null);
    }
}
