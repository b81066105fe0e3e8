package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A provider in a tool loop: its answers that call tools, and what it demands of the request that follows. */
final class LoopTarget {
    private final String dialect;

    LoopTarget(String dialect) {
        this.dialect = dialect;
    }

    /** The provider family, whose proofs go back to it. */
    String family() {
        return switch (dialect) {
            case "openai-chat", "openai-responses" -> "openai";
            case "gemini" -> "google";
            default -> dialect;
        };
    }

    String model() {
        return switch (dialect) {
            case "anthropic" -> "claude-sonnet-4-5";
            case "bedrock" -> "anthropic.claude-sonnet-4-5-20250929-v1:0";
            case "gemini" -> "gemini-2.5-pro";
            case "openai-responses" -> "gpt-5";
            default -> "model";
        };
    }

    /** What its maker wants back with the calls of a turn; empty where there is no such thing. */
    String proof(int turn) {
        return switch (dialect) {
            case "anthropic", "bedrock", "gemini", "openai-responses" -> "cHJvb2Y" + turn + "AA";
            default -> "";
        };
    }

    /** An answer with a thought, a text and two calls of the same tool. */
    JsonNode answer(int turn, String first, String second) {
        String answer = switch (dialect) {
            case "anthropic" -> """
                    {"id":"msg_%1$d","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[
                     {"type":"thinking","thinking":"Hm %1$d","signature":"%4$s"},{"type":"text","text":"Looking %1$d."},
                     {"type":"tool_use","id":"toolu_%1$d1","name":"weather","input":{"city":"%2$s"}},
                     {"type":"tool_use","id":"toolu_%1$d2","name":"weather","input":{"city":"%3$s"}}],
                     "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":20}}""";
            case "bedrock" -> """
                    {"output":{"message":{"role":"assistant","content":[
                     {"reasoningContent":{"reasoningText":{"text":"Hm %1$d","signature":"%4$s"}}},{"text":"Looking %1$d."},
                     {"toolUse":{"toolUseId":"tooluse_%1$d1","name":"weather","input":{"city":"%2$s"}}},
                     {"toolUse":{"toolUseId":"tooluse_%1$d2","name":"weather","input":{"city":"%3$s"}}}]}},
                     "stopReason":"tool_use","usage":{"inputTokens":10,"outputTokens":20,"totalTokens":30},
                     "metrics":{"latencyMs":1}}""";
            case "gemini" -> """
                    {"responseId":"r%1$d","modelVersion":"gemini-2.5-pro","candidates":[{"index":0,"finishReason":"STOP",
                     "content":{"role":"model","parts":[{"text":"Hm %1$d","thought":true},{"text":"Looking %1$d."},
                     {"functionCall":{"name":"weather","args":{"city":"%2$s"}},"thoughtSignature":"%4$s"},
                     {"functionCall":{"name":"weather","args":{"city":"%3$s"}}}]}}],
                     "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":20,"totalTokenCount":30}}""";
            case "openai-chat" -> """
                    {"id":"chatcmpl-%1$d","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
                     "finish_reason":"tool_calls","message":{"role":"assistant","reasoning_content":"Hm %1$d",
                     "content":"Looking %1$d.","tool_calls":[
                     {"id":"functions.weather:%1$d1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"%2$s\\"}"}},
                     {"id":"functions.weather:%1$d2","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"%3$s\\"}"}}]}}],
                     "usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}""";
            case "openai-responses" -> """
                    {"id":"resp_%1$d","object":"response","created_at":1,"status":"completed","model":"gpt-5","output":[
                     {"type":"reasoning","id":"rs_%1$d","summary":[{"type":"summary_text","text":"Hm %1$d"}],"encrypted_content":"%4$s"},
                     {"type":"message","id":"msg_%1$d","role":"assistant","status":"completed","content":[
                      {"type":"output_text","text":"Looking %1$d.","annotations":[]}]},
                     {"type":"function_call","id":"fc_%1$d1","call_id":"call_%1$d1","status":"completed","name":"weather","arguments":"{\\"city\\":\\"%2$s\\"}"},
                     {"type":"function_call","id":"fc_%1$d2","call_id":"call_%1$d2","status":"completed","name":"weather","arguments":"{\\"city\\":\\"%3$s\\"}"}],
                     "usage":{"input_tokens":10,"output_tokens":20,"total_tokens":30}}""";
            case "cohere" -> """
                    {"id":"c%1$d","finish_reason":"TOOL_CALL","message":{"role":"assistant","tool_plan":"Looking %1$d.",
                     "tool_calls":[
                     {"id":"weather_%1$d1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"%2$s\\"}"}},
                     {"id":"weather_%1$d2","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"%3$s\\"}"}}]},
                     "usage":{"tokens":{"input_tokens":10,"output_tokens":20}}}""";
            case "ollama" -> """
                    {"model":"m","created_at":"2026-01-02T03:04:0%1$dZ","done":true,"done_reason":"stop","message":{"role":"assistant",
                     "thinking":"Hm %1$d","content":"Looking %1$d.","tool_calls":[
                     {"function":{"name":"weather","arguments":{"city":"%2$s"}}},
                     {"function":{"name":"weather","arguments":{"city":"%3$s"}}}]},
                     "prompt_eval_count":10,"eval_count":20}""";
            default -> throw new AssertionError(dialect);
        };
        return Json.read(answer.formatted(turn, first, second, proof(turn)));
    }

    /** The cities of the calls, each answered, in their order; whatever the dialect demands of their places is asserted. */
    List<String> answered(JsonNode request) {
        return switch (dialect) {
            case "anthropic" -> blocks(request, "tool_use", "tool_result", "id", "tool_use_id");
            case "bedrock" -> converse(request);
            case "gemini" -> contents(request);
            case "openai-chat", "cohere", "ollama" -> messages(request);
            case "openai-responses" -> items(request);
            default -> throw new AssertionError(dialect);
        };
    }

    private List<String> blocks(JsonNode request, String use, String result, String id, String of) {
        List<List<ObjectNode>> turns = new ArrayList<>();
        request.path("messages").forEach(message -> {
            List<ObjectNode> turn = new ArrayList<>();
            message.path("content").forEach(block -> {
                String type = block.path("type").asString("");
                turn.add(node(
                        type.equals(use) ? "call" : type.equals(result) ? "result" : type,
                        block.path(type.equals(use) ? id : of).asString(""),
                        block));
            });
            turns.add(turn);
        });
        return paired(turns);
    }

    private static ObjectNode node(String kind, String id, JsonNode whole) {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("kind", kind).put("id", id);
        node.put("text", whole.toString());
        return node;
    }

    private List<String> converse(JsonNode request) {
        List<List<ObjectNode>> turns = new ArrayList<>();
        request.path("messages").forEach(message -> {
            List<ObjectNode> turn = new ArrayList<>();
            message.path("content").forEach(block -> {
                if (block.has("toolUse")) {
                    turn.add(node("call", block.at("/toolUse/toolUseId").stringValue(), block));
                } else if (block.has("toolResult")) {
                    turn.add(node("result", block.at("/toolResult/toolUseId").stringValue(), block));
                } else {
                    turn.add(node(block.has("reasoningContent") ? "thinking" : "text", "", block));
                }
            });
            turns.add(turn);
        });
        return paired(turns);
    }

    /** Claude's rules: what thinks is first; every call has its result in the next message, before anything else. */
    private static List<String> paired(List<List<ObjectNode>> turns) {
        List<String> cities = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < turns.size(); i++) {
            Map<String, String> calls = new LinkedHashMap<>();
            boolean spoken = false;
            for (ObjectNode block : turns.get(i)) {
                String kind = block.path("kind").stringValue();
                assertThat(!kind.equals("thinking") || !spoken)
                        .as("thinks first")
                        .isTrue();
                spoken |= !kind.equals("thinking");
                if (kind.equals("call")) {
                    String id = block.path("id").stringValue();
                    assertThat(id).matches("[a-zA-Z0-9_-]{1,64}");
                    assertThat(ids.add(id)).as("new id " + id).isTrue();
                    calls.put(id, city(block.path("text").stringValue()));
                }
            }
            if (!calls.isEmpty()) {
                assertThat(turns).hasSizeGreaterThan(i + 1);
                Map<String, String> results = new LinkedHashMap<>();
                turns.get(i + 1).subList(0, calls.size()).forEach(block -> {
                    assertThat(block.path("kind").stringValue()).isEqualTo("result");
                    results.put(
                            block.path("id").stringValue(),
                            city(block.path("text").stringValue()));
                });
                assertThat(results).isEqualTo(calls);
                cities.addAll(calls.values());
            }
        }
        return cities;
    }

    private List<String> contents(JsonNode request) {
        List<String> cities = new ArrayList<>();
        JsonNode contents = request.path("contents");
        for (int i = 0; i < contents.size(); i++) {
            List<String> calls = cities(contents.get(i), "functionCall");
            if (!calls.isEmpty()) {
                assertThat(contents.get(i).path("role").stringValue()).isEqualTo("model");
                assertThat(contents.path(i + 1).path("role").asString("")).isEqualTo("user");
                assertThat(cities(contents.path(i + 1), "functionResponse")).isEqualTo(calls);
                cities.addAll(calls);
            } else if (i > 0) {
                assertThat(cities(contents.get(i), "functionResponse"))
                        .hasSameSizeAs(cities(contents.get(i - 1), "functionCall"));
            }
        }
        return cities;
    }

    private static List<String> cities(JsonNode content, String member) {
        return content.path("parts")
                .valueStream()
                .filter(part -> part.has(member))
                .map(part -> city(part.path(member).toString()))
                .toList();
    }

    private List<String> messages(JsonNode request) {
        List<String> cities = new ArrayList<>();
        JsonNode messages = request.path("messages");
        for (int i = 0; i < messages.size(); i++) {
            int at = i;
            for (JsonNode call : messages.get(i).path("tool_calls")) {
                JsonNode result = messages.path(++at);
                assertThat(result.path("role").asString("")).isEqualTo("tool");
                if (!dialect.equals("ollama")) {
                    assertThat(result.path("tool_call_id")).isEqualTo(call.path("id"));
                }
                assertThat(city(result.toString())).isEqualTo(city(call.toString()));
                cities.add(city(call.toString()));
            }
            if (at > i) {
                assertThat(messages.path(at + 1).path("role").asString("")).isNotEqualTo("tool");
            }
        }
        return cities;
    }

    private List<String> items(JsonNode request) {
        Map<String, String> calls = new LinkedHashMap<>();
        Map<String, String> results = new LinkedHashMap<>();
        for (JsonNode item : request.path("input")) {
            String id = item.path("call_id").asString("");
            switch (item.path("type").asString("message")) {
                case "function_call" ->
                    assertThat(calls.put(id, city(item.toString()))).isNull();
                case "function_call_output" -> {
                    assertThat(calls).containsKey(id);
                    assertThat(results.put(id, city(item.toString()))).isNull();
                }
                default -> {}
            }
        }
        assertThat(results).isEqualTo(calls);
        return List.copyOf(calls.values());
    }

    private static String city(String text) {
        for (String city : List.of("Bern", "Rome", "Oslo")) {
            if (text.contains(city)) {
                return city;
            }
        }
        throw new AssertionError("no city in " + text);
    }
}
