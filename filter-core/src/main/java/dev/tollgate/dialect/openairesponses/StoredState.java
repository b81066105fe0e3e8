package dev.tollgate.dialect.openairesponses;

import dev.tollgate.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a request can build on that only its provider keeps: earlier responses, conversations, prompts, items. */
final class StoredState {
    private StoredState() {}

    /** @throws Refusal where the request builds on something that a provider of another dialect does not have */
    static void refuse(ObjectNode body) {
        refuse(body, "previous_response_id", "send the earlier items in 'input' instead");
        refuse(body, "conversation", "send the conversation's items in 'input' instead");
        refuse(body, "prompt", "send the prompt's text in 'instructions' or 'input' instead");
        JsonNode background = body.path("background");
        if (background.isBoolean() && background.booleanValue()) {
            throw Refusal.badField(
                    "background",
                    "'background' needs a provider that keeps responses, and this model's provider has no Responses API;"
                            + " leave it out, and stream the answer if it takes long");
        }
        int index = 0;
        for (JsonNode item : body.path("input").isArray() ? body.path("input") : body.arrayNode()) {
            boolean untyped = !item.hasNonNull("type") && item.has("id") && !item.has("role");
            if (untyped || item.path("type").asString("").equals("item_reference")) {
                throw refusal("input[" + index + ']', "send the item itself; with \"store\": false, SDKs do");
            }
            index++;
        }
    }

    private static void refuse(ObjectNode body, String name, String instead) {
        if (body.hasNonNull(name)) {
            throw refusal(name, instead);
        }
    }

    private static Refusal refusal(String field, String instead) {
        return Refusal.badField(
                field,
                "'" + field + "' refers to what only the provider that made it keeps, and this model's provider has no"
                        + " Responses API; " + instead + ", or name a model whose provider has one");
    }
}
