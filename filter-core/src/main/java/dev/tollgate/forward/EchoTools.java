package dev.tollgate.forward;

import dev.tollgate.Refusal;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Which tools the echo provider calls: those that lines of the user's text name as {@code call <tool> {json}}, or else, where a
 * tool is demanded, the one demanded or the first, with the smallest arguments its schema allows.
 */
final class EchoTools {
    private final JsonNode request;
    private final Map<String, JsonNode> schemas = new LinkedHashMap<>();

    EchoTools(JsonNode request) {
        this.request = request;
        for (JsonNode tool : request.path("tools")) {
            JsonNode function = tool.path("function");
            if (function.path("name").isString()) {
                schemas.put(function.path("name").stringValue(), function.path("parameters"));
            }
        }
    }

    /** The names and arguments of the calls to make; none where the answer is to be text. */
    List<Map.Entry<String, String>> calls(String text) {
        JsonNode choice = request.path("tool_choice");
        String mode = choice.isString() ? choice.stringValue() : "auto";
        if (schemas.isEmpty() || mode.equals("none")) {
            return List.of();
        }
        if (choice.path("function").path("name").isString()) {
            return List.of(named(choice.path("function").path("name").stringValue(), text));
        }
        List<Map.Entry<String, String>> asked = asked(text);
        if (asked.isEmpty() && mode.equals("required")) {
            return List.of(minimal(schemas.keySet().iterator().next()));
        }
        boolean single = request.path("parallel_tool_calls").isBoolean()
                && !request.path("parallel_tool_calls").booleanValue();
        return single && asked.size() > 1 ? asked.subList(0, 1) : asked;
    }

    private Map.Entry<String, String> named(String name, String text) {
        if (!schemas.containsKey(name)) {
            throw Refusal.badField("tool_choice", "'tool_choice' names a tool that is not among 'tools'");
        }
        return asked(text).stream()
                .filter(call -> call.getKey().equals(name))
                .findFirst()
                .orElseGet(() -> minimal(name));
    }

    private List<Map.Entry<String, String>> asked(String text) {
        List<Map.Entry<String, String>> calls = new ArrayList<>();
        text.lines().map(String::strip).filter(line -> line.startsWith("call ")).forEach(line -> {
            String[] words = line.substring("call ".length()).strip().split("\\s+", 2);
            if (schemas.containsKey(words[0])) {
                calls.add(words.length == 2 && isObject(words[1]) ? Map.entry(words[0], words[1]) : minimal(words[0]));
            }
        });
        return calls;
    }

    private Map.Entry<String, String> minimal(String name) {
        JsonNode schema = schemas.getOrDefault(name, request.path(""));
        JsonNode sample = SchemaSample.of(schema);
        return Map.entry(name, sample.isObject() ? Json.text(sample) : "{}");
    }

    private static boolean isObject(String json) {
        try {
            return Json.read(json).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }
}
