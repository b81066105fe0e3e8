package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.Targets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests with one value of the wrong type, missing or senseless, anywhere in them: each is translated, or refused by the
 * name of a field; nothing else ever happens.
 */
class HostileRequestsTest {
    private static final String TOOL_SCHEMA = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}";
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "7",
            "-1.5e300",
            "99999999999999999999999999",
            "\"\"",
            "\"wrong\"",
            "\"\\ud83d\"",
            "[]",
            "[null]",
            "[[[[\"deep\"]]]]",
            "{}",
            "{\"type\":7}",
            "{\"type\":\"wrong\"}",
            "{\"a\":{\"b\":{\"c\":[1,{\"d\":null}]}}}");

    private final Dialects dialects = new Dialects(InstantSource.system());

    @TestFactory
    Stream<DynamicTest> aWrongValueIsRefusedByItsNameOrTranslated() {
        return samples().entrySet().stream()
                .map(sample ->
                        DynamicTest.dynamicTest(sample.getKey(), () -> check(sample.getKey(), sample.getValue())));
    }

    private void check(String caller, String sample) {
        ObjectNode request = (ObjectNode) Json.read(sample);
        translate(caller, request.deepCopy());
        Map<String, String> faults = new TreeMap<>();
        for (ObjectNode mutant : mutants(request)) {
            try {
                translate(caller, mutant);
            } catch (Refusal refusal) {
                if (refusal.code() != ErrorCode.CALLER_BAD_REQUEST || refusal.param() == null) {
                    faults.put(refusal.code() + " " + refusal.message(), mutant.toString());
                }
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                StackTraceElement at = Stream.of(e.getStackTrace())
                        .filter(each -> each.getClassName().startsWith("dev.tollgate"))
                        .findFirst()
                        .orElse(e.getStackTrace()[0]);
                faults.put(e.getClass().getSimpleName() + " " + at, mutant.toString());
            }
        }
        assertThat(faults).isEmpty();
    }

    private void translate(String caller, ObjectNode body) {
        Dialect reader = dialects.byId(caller);
        byte[] bytes = Json.write(body);
        for (String id : dialects.ids()) {
            if (!id.equals(caller)) {
                Translation translation = Translations.of(
                        new Passage(
                                reader,
                                dialects.byId(id),
                                Way.chat(id, "/chat"),
                                Targets.of("any", id, model(id), Quirks.NONE),
                                4096,
                                false,
                                Framings.SSE,
                                "call",
                                List.of()),
                        JsonDocument.parse(bytes));
                Json.read(translation.requestBody());
            }
        }
    }

    private static String model(String dialect) {
        return switch (dialect) {
            case "anthropic" -> "claude-sonnet-4-5";
            case "bedrock" -> "anthropic.claude-sonnet-4-5-20250929-v1:0";
            case "gemini" -> "gemini-3-pro";
            case "openai-responses", "openai-chat" -> "gpt-5";
            default -> "model";
        };
    }

    /** The request with each of its values, at every depth, replaced by each of the others, or left out. */
    private static List<ObjectNode> mutants(ObjectNode request) {
        List<String> pointers = new ArrayList<>();
        collect(request, "", pointers);
        List<ObjectNode> mutants = new ArrayList<>();
        for (String pointer : pointers) {
            int slash = pointer.lastIndexOf('/');
            String last = pointer.substring(slash + 1);
            VALUES.forEach(value -> {
                ObjectNode mutant = request.deepCopy();
                JsonNode holder = mutant.at(pointer.substring(0, slash));
                if (holder instanceof ObjectNode object) {
                    object.set(last, Json.read(value));
                } else {
                    ((ArrayNode) holder).set(Integer.parseInt(last), Json.read(value));
                }
                mutants.add(mutant);
            });
            ObjectNode without = request.deepCopy();
            JsonNode holder = without.at(pointer.substring(0, slash));
            if (holder instanceof ObjectNode object) {
                object.remove(last);
            } else {
                ((ArrayNode) holder).remove(Integer.parseInt(last));
            }
            mutants.add(without);
        }
        return mutants;
    }

    private static void collect(JsonNode node, String path, List<String> pointers) {
        if (!path.isEmpty()) {
            pointers.add(path);
        }
        if (node.isObject()) {
            node.properties().forEach(member -> collect(member.getValue(), path + '/' + member.getKey(), pointers));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), path + '/' + i, pointers);
            }
        }
    }

    private static Map<String, String> samples() {
        return Map.of(
                "openai-chat",
                """
                {"model":"m","max_completion_tokens":9,"temperature":0.5,"stop":["x"],"seed":1,"n":1,"logprobs":true,
                "top_logprobs":2,"user":"u","reasoning_effort":"low","parallel_tool_calls":false,"metadata":{"a":"b"},
                "service_tier":"auto","prompt_cache_key":"k","verbosity":"low","stream":false,"stream_options":{"include_usage":true},
                "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":SCHEMA}},
                "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":SCHEMA,"strict":true}}],
                "tool_choice":{"type":"function","function":{"name":"f"}},
                "messages":[{"role":"system","content":"s"},{"role":"user","name":"n","content":[
                {"type":"text","text":"t","cache_control":{"type":"ephemeral","ttl":"1h"}},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,aGk=","detail":"low"}},
                {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,aGk="}},
                {"type":"input_audio","input_audio":{"data":"aGk=","format":"wav"}}]},
                {"role":"assistant","content":null,"refusal":null,"reasoning_content":"hm","tool_calls":[
                {"id":"c1","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"cw=="}}}],
                "reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s"}]},
                {"role":"tool","tool_call_id":"c1","content":"r"}]}""".replace("SCHEMA", TOOL_SCHEMA),
                "openai-responses",
                """
                {"model":"m","instructions":"i","max_output_tokens":9,"temperature":0.5,"top_logprobs":1,"store":false,
                "include":["reasoning.encrypted_content"],"reasoning":{"effort":"low","summary":"auto"},"parallel_tool_calls":true,
                "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","strict":true,"schema":SCHEMA}},
                "tools":[{"type":"function","name":"f","description":"d","parameters":SCHEMA,"strict":false},
                {"type":"custom","name":"c","description":"d","format":{"type":"grammar","syntax":"lark","definition":"x"}}],
                "tool_choice":{"type":"function","name":"f"},"metadata":{"a":"b"},"stream":false,"user":"u","prompt_cache_key":"k",
                "input":[{"role":"developer","content":"s"},{"type":"message","role":"user","content":[
                {"type":"input_text","text":"t"},{"type":"input_image","image_url":"data:image/png;base64,aGk=","detail":"low"},
                {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,aGk="}]},
                {"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"gA"},
                {"type":"message","id":"m1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"t","annotations":[]}]},
                {"type":"function_call","id":"fc","call_id":"c1","name":"f","arguments":"{}","status":"completed"},
                {"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"r"}]}]}""".replace("SCHEMA", TOOL_SCHEMA),
                "anthropic",
                """
                {"model":"m","max_tokens":9000,"temperature":1,"top_k":3,"stop_sequences":["x"],"metadata":{"user_id":"u"},
                "thinking":{"type":"enabled","budget_tokens":2000},"stream":false,"service_tier":"auto",
                "output_config":{"effort":"low","format":{"type":"json_schema","schema":SCHEMA}},
                "system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],
                "tools":[{"name":"f","description":"d","input_schema":SCHEMA,"cache_control":{"type":"ephemeral"}}],
                "tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},
                "messages":[{"role":"user","content":[{"type":"text","text":"t"},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}},
                {"type":"document","title":"t","context":"c","citations":{"enabled":true},"source":{"type":"url","url":"https://a.example/a.pdf"}}]},
                {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"redacted_thinking","data":"d"},
                {"type":"text","text":"t","citations":[{"type":"char_location","cited_text":"c","document_index":0,"document_title":"t","start_char_index":0,"end_char_index":1}]},
                {"type":"tool_use","id":"c1","name":"f","input":{}}]},
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","is_error":true,"content":[{"type":"text","text":"r"}]}]}]}""".replace("SCHEMA", TOOL_SCHEMA),
                "gemini",
                """
                {"systemInstruction":{"parts":[{"text":"s"}]},
                "generationConfig":{"temperature":0.5,"topK":3,"maxOutputTokens":9,"stopSequences":["x"],"candidateCount":1,"seed":1,
                "responseLogprobs":true,"logprobs":2,"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"a":{"type":"STRING","nullable":true}}},
                "thinkingConfig":{"thinkingBudget":100,"includeThoughts":true}},
                "safetySettings":[{"category":"c","threshold":"t"}],
                "tools":[{"functionDeclarations":[{"name":"f","description":"d","parameters":{"type":"OBJECT","properties":{"a":{"type":"ARRAY","items":{"type":"STRING"}}}}}]},{"googleSearch":{}}],
                "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},
                "contents":[{"role":"user","parts":[{"text":"t"},{"inlineData":{"mimeType":"image/png","data":"aGk="}},
                {"fileData":{"mimeType":"application/pdf","fileUri":"https://a.example/a.pdf"}}]},
                {"role":"model","parts":[{"text":"hm","thought":true,"thoughtSignature":"cw=="},{"functionCall":{"id":"c1","name":"f","args":{"a":1}},"thoughtSignature":"cw=="}]},
                {"role":"user","parts":[{"functionResponse":{"id":"c1","name":"f","response":{"output":"r"}}}]}]}""",
                "bedrock",
                """
                {"system":[{"text":"s"},{"cachePoint":{"type":"default","ttl":"1h"}}],"inferenceConfig":{"maxTokens":9,"temperature":0.5,"stopSequences":["x"]},
                "additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":2000}},"requestMetadata":{"a":"b"},
                "toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"d","inputSchema":{"json":SCHEMA}}},{"cachePoint":{"type":"default"}}],"toolChoice":{"tool":{"name":"f"}}},
                "messages":[{"role":"user","content":[{"text":"t"},{"image":{"format":"png","source":{"bytes":"aGk="}}},
                {"document":{"format":"pdf","name":"n","source":{"bytes":"aGk="}}},{"guardContent":{"text":{"text":"g"}}}]},
                {"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"s"}}},
                {"toolUse":{"toolUseId":"c1","name":"f","input":{"a":1}}}]},
                {"role":"user","content":[{"toolResult":{"toolUseId":"c1","status":"error","content":[{"json":{"a":1}},{"text":"r"}]}}]}]}""".replace("SCHEMA", TOOL_SCHEMA),
                "cohere",
                """
                {"model":"m","max_tokens":9,"temperature":0.5,"k":3,"p":0.5,"stop_sequences":["x"],"seed":1,"logprobs":true,"stream":false,
                "thinking":{"type":"enabled","token_budget":100},"response_format":{"type":"json_object","json_schema":SCHEMA},"strict_tools":true,
                "tool_choice":"REQUIRED","documents":[{"id":"d","data":{"text":"t"}}],
                "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":SCHEMA}}],
                "messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]},
                {"role":"assistant","tool_plan":"p","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
                {"role":"tool","tool_call_id":"c1","content":[{"type":"document","document":{"id":"1","data":"r"}}]}]}""".replace("SCHEMA", TOOL_SCHEMA),
                "ollama",
                """
                {"model":"m","stream":false,"think":true,"format":"json","keep_alive":"5m","options":{"num_predict":9,"temperature":0.5,"stop":["x"],"seed":1},
                "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":SCHEMA}}],
                "messages":[{"role":"system","content":"s"},{"role":"user","content":"t","images":["aGk="]},
                {"role":"assistant","content":"","thinking":"hm","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},
                {"role":"tool","tool_name":"f","content":"r"}]}""".replace("SCHEMA", TOOL_SCHEMA),
                "openai-completions",
                """
                {"model":"m","prompt":["a"],"max_tokens":9,"temperature":0.5,"stop":["x"],"seed":1,"n":1,"logprobs":1,
                "user":"u","stream":false,"stream_options":{"include_usage":true},"logit_bias":{"5":1}}""");
    }
}
