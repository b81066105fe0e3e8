package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.Seal;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The items of an answer, as callers get them. */
final class OutputItems {
    private final ItemIds ids;
    private final ToolNames names;
    private final WriteTerms terms;

    OutputItems(ItemIds ids, ToolNames names, WriteTerms terms) {
        this.ids = ids;
        this.names = names;
        this.terms = terms;
    }

    private static ObjectNode typed(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private ObjectNode item(String type, String prefix) {
        return typed(type).put("id", ids.next(prefix));
    }

    ObjectNode message() {
        ObjectNode message =
                item("message", "msg").put("status", Status.IN_PROGRESS).put("role", "assistant");
        message.putArray("content");
        return message;
    }

    static ObjectNode text() {
        ObjectNode part = typed("output_text").put("text", "");
        part.putArray("annotations");
        part.putArray("logprobs");
        return part;
    }

    static ObjectNode refusal() {
        return typed("refusal").put("refusal", "");
    }

    ObjectNode reasoning() {
        ObjectNode item = item("reasoning", "rs");
        item.putArray("summary");
        return item;
    }

    static ObjectNode summary() {
        return typed("summary_text").put("text", "");
    }

    /** Lets a reasoning item be given back: its maker's own proof as it was, another dialect's sealed. */
    void prove(ObjectNode reasoning, Opaque proof) {
        if (!proof.isFrom(OpenAiResponses.ID)) {
            reasoning.put("encrypted_content", Seal.close(proof, terms.providerFamily()));
        } else if (proof.value() instanceof ObjectNode proven) {
            JsonNode id = reasoning.get("id");
            reasoning.setAll(proven);
            if (id != null) {
                reasoning.set("id", id); // callers know the item by it already
            }
        }
    }

    /** A reasoning item that holds nothing but what the maker of a call wants back with it. */
    ObjectNode proofOf(String callId, Opaque proof) {
        ObjectNode bound = JsonNodeFactory.instance.objectNode().put(ItemReader.PROOF_OF, callId);
        bound.set("value", proof.value());
        ObjectNode item = reasoning();
        Opaque whole = new Opaque(proof.dialect(), proof.family(), proof.at(), bound);
        return item.put("encrypted_content", Seal.close(whole, terms.providerFamily()));
    }

    /** A call whose arguments are not there yet. */
    ObjectNode call(String callId, String name) {
        ToolNames.Origin origin = names.origin(name);
        ObjectNode item = origin.custom() ? item(ItemReader.CUSTOM_CALL, "ctc") : item("function_call", "fc");
        item.put("status", Status.IN_PROGRESS).put("call_id", callId).put("name", origin.name());
        if (origin.namespace() != null) {
            item.put("namespace", origin.namespace());
        }
        return item.put(inputName(item), "");
    }

    static boolean isCustom(ObjectNode call) {
        return call.path("type").asString("").equals(ItemReader.CUSTOM_CALL);
    }

    /** The member of a call that holds what the tool gets. */
    static String inputName(ObjectNode call) {
        return isCustom(call) ? ToolNames.INPUT : "arguments";
    }

    /** What the tool gets; a call without arguments has none, as callers parse them. */
    static String input(ObjectNode call, String arguments) {
        if (!isCustom(call)) {
            return arguments.isBlank() ? "{}" : arguments;
        }
        try {
            JsonNode input = Json.read(arguments).path(ToolNames.INPUT);
            return input.isString() ? input.stringValue() : arguments;
        } catch (JacksonException e) {
            return arguments; // cut off by the output limit, most likely
        }
    }

    /** A picture in the answer; null for other media. */
    @Nullable
    ObjectNode picture(Part.Media media) {
        if (media.kind() != Part.MediaKind.IMAGE || !(media.source() instanceof Part.Source.Inline inline)) {
            return null;
        }
        String type = inline.mediaType();
        return item("image_generation_call", "ig")
                .put("status", Status.COMPLETED)
                .put("result", inline.base64())
                .put("output_format", type.substring(type.indexOf('/') + 1));
    }
}
