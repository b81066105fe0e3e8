package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client of a dialect does in a tool loop: it keeps its request, adds the answer as its SDK gives it, and the result
 * of every call in it, which repeats the call's arguments.
 */
final class LoopClient {
    private final String dialect;
    private final ObjectNode request;

    LoopClient(String dialect, ObjectNode request) {
        this.dialect = dialect;
        this.request = request.deepCopy();
    }

    ObjectNode request() {
        return request.deepCopy();
    }

    /** Takes a whole answer, runs its tools and says so in the request. Returns how many calls there were. */
    int take(JsonNode answer) {
        return switch (dialect) {
            case "anthropic" -> blocks(answer.path("content"));
            case "openai-chat" -> chat(answer.at("/choices/0/message"));
            case "openai-responses" -> items(answer.path("output"));
            case "gemini" -> contents(List.of(answer.at("/candidates/0/content")));
            case "bedrock" -> converse(answer.at("/output/message"));
            case "cohere", "ollama" -> chat(answer.path("message"));
            default -> throw new AssertionError(dialect);
        };
    }

    /** The same for a streamed answer. */
    int take(List<Frame> frames) {
        return switch (dialect) {
            case "anthropic" ->
                blocks(Json.read(Assembled.message(dialect, frames)).path("content"));
            case "openai-chat" -> chat(Json.read(Assembled.message(dialect, frames)));
            case "openai-responses" -> items(itemsDone(frames));
            case "gemini" -> contents(chunks(frames));
            case "bedrock" -> converse(converseMessage(frames));
            case "cohere" -> chat(cohereMessage(frames));
            case "ollama" -> chat(lines(frames));
            default -> throw new AssertionError(dialect);
        };
    }

    /** Says the next thing of the user. */
    void say(String text) {
        switch (dialect) {
            case "gemini" ->
                request.withArray("contents")
                        .addObject()
                        .put("role", "user")
                        .withArray("parts")
                        .addObject()
                        .put("text", text);
            case "bedrock" -> message("user").addObject().put("text", text);
            case "openai-responses" ->
                input().addObject().put("type", "message").put("role", "user").put("content", text);
            default ->
                request.withArray("messages").addObject().put("role", "user").put("content", text);
        }
    }

    private ArrayNode message(String role) {
        return request.withArray("messages").addObject().put("role", role).putArray("content");
    }

    private ArrayNode input() {
        JsonNode said = request.path("input");
        if (said.isString()) {
            request.putArray("input").addObject().put("role", "user").put("content", said.stringValue());
        }
        return (ArrayNode) request.path("input");
    }

    private int blocks(JsonNode content) {
        message("assistant").addAll((ArrayNode) content);
        List<JsonNode> calls = new ArrayList<>();
        content.forEach(block -> {
            if (block.path("type").asString("").equals("tool_use")) {
                calls.add(block);
            }
        });
        if (!calls.isEmpty()) {
            ArrayNode results = message("user");
            calls.forEach(call -> results.addObject()
                    .put("type", "tool_result")
                    .put("tool_use_id", call.path("id").stringValue())
                    .put("content", "result of " + call.path("input")));
        }
        return calls.size();
    }

    private int chat(JsonNode message) {
        ArrayNode messages = request.withArray("messages");
        messages.add(message);
        JsonNode calls = message.path("tool_calls");
        for (JsonNode call : calls) {
            JsonNode arguments = call.path("function").path("arguments");
            ObjectNode result = messages.addObject().put("role", "tool");
            if (dialect.equals("ollama")) {
                result.put("tool_name", call.path("function").path("name").stringValue());
            } else {
                result.put("tool_call_id", call.path("id").stringValue());
            }
            result.put("content", "result of " + (arguments.isString() ? arguments.stringValue() : arguments));
        }
        return calls.size();
    }

    private int items(JsonNode output) {
        ArrayNode input = input();
        List<JsonNode> calls = new ArrayList<>();
        for (JsonNode item : output) {
            input.add(item);
            if (item.path("type").asString("").equals("function_call")) {
                calls.add(item);
            }
        }
        calls.forEach(call -> input.addObject()
                .put("type", "function_call_output")
                .put("call_id", call.path("call_id").stringValue())
                .put("output", "result of " + call.path("arguments").stringValue()));
        return calls.size();
    }

    /** Codex keeps the items as they are done; they are what the whole response holds. */
    private static JsonNode itemsDone(List<Frame> frames) {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        JsonNode last = null;
        for (Frame frame : frames) {
            last = Json.read(frame.data());
            if (last.path("type").asString("").equals("response.output_item.done")) {
                items.add(last.path("item"));
            }
        }
        assertThat(last.at("/response/output")).isEqualTo(items);
        return items;
    }

    private int contents(List<JsonNode> contents) {
        ArrayNode said = request.withArray("contents");
        ArrayNode results = JsonNodeFactory.instance.arrayNode();
        for (JsonNode content : contents) {
            said.add(content);
            for (JsonNode part : content.path("parts")) {
                JsonNode call = part.path("functionCall");
                if (call.isObject()) {
                    ObjectNode result = results.addObject().putObject("functionResponse");
                    if (call.has("id")) {
                        result.set("id", call.path("id"));
                    }
                    result.set("name", call.path("name"));
                    result.putObject("response").put("output", "result of " + call.path("args"));
                }
            }
        }
        if (!results.isEmpty()) {
            said.addObject().put("role", "user").set("parts", results);
        }
        return results.size();
    }

    /** Google's chats keep the content of each chunk as one of its own. */
    private static List<JsonNode> chunks(List<Frame> frames) {
        List<JsonNode> contents = new ArrayList<>();
        for (Frame frame : frames) {
            JsonNode content = Json.read(frame.data()).at("/candidates/0/content");
            if (!content.path("parts").isEmpty()) {
                contents.add(content);
            }
        }
        return contents;
    }

    private int converse(JsonNode message) {
        request.withArray("messages").add(message);
        ArrayNode results = JsonNodeFactory.instance.arrayNode();
        for (JsonNode block : message.path("content")) {
            JsonNode call = block.path("toolUse");
            if (call.isObject()) {
                ObjectNode result = results.addObject().putObject("toolResult");
                result.set("toolUseId", call.path("toolUseId"));
                result.putArray("content").addObject().put("text", "result of " + call.path("input"));
            }
        }
        if (!results.isEmpty()) {
            message("user").addAll(results);
        }
        return results.size();
    }

    private static JsonNode converseMessage(List<Frame> frames) {
        Map<Integer, ObjectNode> blocks = new TreeMap<>();
        for (Frame frame : frames) {
            JsonNode event = Json.read(frame.data());
            if (String.valueOf(frame.event()).startsWith("contentBlock")) {
                ObjectNode block = blocks.computeIfAbsent(
                        event.path("contentBlockIndex").intValue(), key -> JsonNodeFactory.instance.objectNode());
                if (event.at("/start/toolUse").isObject()) {
                    block.set("toolUse", event.at("/start/toolUse"));
                }
                event.path("delta").properties().forEach(member -> delta(block, member.getKey(), member.getValue()));
            }
        }
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
        ArrayNode content = message.putArray("content");
        for (ObjectNode block : blocks.values()) {
            if (block.at("/toolUse").isObject()) {
                ObjectNode use = (ObjectNode) block.path("toolUse");
                use.set("input", Json.read(use.path("input").asString("{}")));
            }
            content.add(block);
        }
        return message;
    }

    private static void delta(ObjectNode block, String kind, JsonNode delta) {
        switch (kind) {
            case "text" -> append(block, "text", delta);
            case "toolUse" -> append(block.withObject("/toolUse"), "input", delta.path("input"));
            case "reasoningContent" -> {
                if (delta.has("redactedContent")) {
                    block.withObject("/reasoningContent").set("redactedContent", delta.path("redactedContent"));
                    return;
                }
                ObjectNode text = block.withObject("/reasoningContent").withObject("/reasoningText");
                delta.properties().forEach(member -> append(text, member.getKey(), member.getValue()));
            }
            default -> throw new AssertionError(kind);
        }
    }

    private static void append(ObjectNode into, String member, JsonNode text) {
        into.put(member, into.path(member).asString("") + text.asString(""));
    }

    private static JsonNode cohereMessage(List<Frame> frames) {
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        for (Frame frame : frames) {
            if (!frame.data().startsWith("{")) {
                continue;
            }
            JsonNode event = Json.read(frame.data());
            JsonNode said = event.at("/delta/message");
            switch (event.path("type").stringValue()) {
                case "tool-plan-delta" -> append(message, "tool_plan", said.path("tool_plan"));
                case "tool-call-start" -> message.withArray("tool_calls").add(said.path("tool_calls"));
                case "tool-call-delta" -> {
                    ArrayNode calls = message.withArray("tool_calls");
                    append(
                            (ObjectNode) calls.get(calls.size() - 1).path("function"),
                            "arguments",
                            said.at("/tool_calls/function/arguments"));
                }
                case "content-start" -> content.add(said.path("content"));
                case "content-delta" ->
                    said.path("content")
                            .properties()
                            .forEach(member -> append(
                                    (ObjectNode) content.get(content.size() - 1), member.getKey(), member.getValue()));
                default -> {}
            }
        }
        if (!content.isEmpty()) {
            message.set("content", content);
        }
        return message;
    }

    private static JsonNode lines(List<Frame> frames) {
        ObjectNode message =
                JsonNodeFactory.instance.objectNode().put("role", "assistant").put("content", "");
        for (Frame frame : frames) {
            JsonNode said = Json.read(frame.data()).path("message");
            append(message, "content", said.path("content"));
            append(message, "thinking", said.path("thinking"));
            if (said.path("tool_calls") instanceof ArrayNode calls) {
                message.withArray("tool_calls").addAll(calls);
            }
        }
        return message;
    }
}
