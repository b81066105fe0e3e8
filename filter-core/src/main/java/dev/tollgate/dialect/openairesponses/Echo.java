package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.provider.Quirks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a response repeats of its request, and says of its making. */
final class Echo {
    private static final String[] ASKED = {
        "instructions",
        "max_output_tokens",
        "max_tool_calls",
        "prompt_cache_key",
        "safety_identifier",
        "service_tier",
        "temperature",
        "top_p",
        "user",
    };

    private Echo() {}

    /** A response that has nothing in it yet. */
    static ObjectNode of(ChatRequest request, String id, String model, long created) {
        WriteTerms unheard = new WriteTerms(Quirks.NONE, "", 0);
        ObjectNode asked = request.extras().isFrom(OpenAiResponses.ID)
                ? RequestWriter.settings(request, unheard)
                : JsonNodeFactory.instance.objectNode();
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        response.put("id", id).put("object", "response").put("created_at", created);
        response.put("status", Status.IN_PROGRESS).put("background", false);
        response.putNull("error").putNull("incomplete_details");
        response.put("model", model).putArray("output");
        for (String name : ASKED) {
            JsonNode value = asked.get(name);
            response.set(name, value == null ? response.nullNode() : value);
        }
        instructions(request, response);
        response.put("parallel_tool_calls", asked.path("parallel_tool_calls").asBoolean(true));
        response.putNull("previous_response_id").put("store", false);
        response.putObject("reasoning").putNull("effort").putNull("summary");
        settle(asked, response);
        return response;
    }

    private static void instructions(ChatRequest request, ObjectNode response) {
        request.messages().stream()
                .filter(message -> message.extras().at().equals("instructions"))
                .findFirst()
                .ifPresent(message -> {
                    if (message.parts().get(0) instanceof Part.Text text) {
                        response.put("instructions", text.text());
                    }
                });
    }

    private static void settle(ObjectNode asked, ObjectNode response) {
        if (asked.get("reasoning") instanceof ObjectNode reasoning) {
            ((ObjectNode) response.path("reasoning")).setAll(reasoning);
        }
        ObjectNode text = response.putObject("text");
        text.putObject("format").put("type", "text");
        if (asked.get("text") instanceof ObjectNode given) {
            text.setAll(given);
        }
        response.set("tool_choice", asked.has("tool_choice") ? asked.get("tool_choice") : response.stringNode("auto"));
        response.set("tools", asked.has("tools") ? asked.get("tools") : response.arrayNode());
        response.put("top_logprobs", asked.path("top_logprobs").asInt(0));
        response.put("truncation", "disabled").putNull("usage");
        response.set("metadata", asked.has("metadata") ? asked.get("metadata") : response.objectNode());
    }
}
