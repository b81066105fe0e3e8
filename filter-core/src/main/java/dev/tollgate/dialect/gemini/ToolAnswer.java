package dev.tollgate.dialect.gemini;

import dev.tollgate.json.Json;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a tool answered, taken out of the object that this dialect wants around it. Google's words for the members are
 * "output" and "error"; SDKs have others.
 *
 * @param text the answer, as text
 * @param form how it was wrapped, as the path of the text below {@code response}
 * @param error whether the tool failed
 */
record ToolAnswer(String text, String form, boolean error) {
    private static final Set<String> MEMBERS = Set.of("output", "result", "content", "error");

    /** AI SDK repeats the function's name beside the content. */
    private static final String NAMED = ".name.content";

    static ToolAnswer read(JsonNode response, String function) {
        if (response.size() == 1) {
            Map.Entry<String, JsonNode> only = response.properties().iterator().next();
            boolean error = only.getKey().equals("error");
            return only.getValue().isString() && MEMBERS.contains(only.getKey())
                    ? new ToolAnswer(only.getValue().stringValue(), '.' + only.getKey(), error)
                    : new ToolAnswer(Json.text(response), "", error);
        }
        boolean named = response.size() == 2
                && response.path("name").asString("").equals(function)
                && response.path("content").isString();
        return named
                ? new ToolAnswer(response.path("content").stringValue(), NAMED, false)
                : new ToolAnswer(response.isEmpty() ? "" : Json.text(response), "", false);
    }

    /** Google's own form of an answer. */
    static ToolAnswer of(String text, boolean error) {
        return new ToolAnswer(text, error ? ".error" : ".output", error);
    }

    ObjectNode write(String function) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        if (form.isEmpty()) {
            return whole(response);
        }
        if (form.equals(NAMED)) {
            response.put("name", function);
        }
        return response.put(form.substring(form.lastIndexOf('.') + 1), text);
    }

    private ObjectNode whole(ObjectNode otherwise) {
        try {
            return !text.isEmpty() && Json.read(text) instanceof ObjectNode object ? object : otherwise;
        } catch (JacksonException e) {
            return otherwise.put("output", text);
        }
    }
}
