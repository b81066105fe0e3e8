package dev.tollgate.testing;

import static dev.tollgate.testing.ProviderWire.check;

import dev.tollgate.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's Messages. */
final class AnthropicWire implements ProviderWire {
    private final String key;

    /** @param key the one key that is let in */
    AnthropicWire(String key) {
        this.key = key;
    }

    @Override
    public Saying.Asked read(Received request) {
        if (!request.header("x-api-key").orElse("").equals(key)) {
            throw new Unacceptable(401, "invalid x-api-key");
        }
        check(request.header("anthropic-version").isPresent(), "anthropic-version: header is required");
        JsonNode body = Json.read(request.body());
        check(body.path("model").isString(), "model: Field required");
        check(body.path("max_tokens").isIntegralNumber(), "max_tokens: Field required");
        JsonNode messages = body.path("messages");
        check(messages.isArray() && !messages.isEmpty(), "messages: at least one message is required");
        check(
                messages.get(0).path("role").asString("").equals("user"),
                "messages: first message must use the user role");
        checkCalls(messages, thinks(body));
        body.path("tools")
                .forEach(tool -> check(
                        tool.path("input_schema").path("type").asString("").equals("object"),
                        "tools.0.custom.input_schema.type: Field required"));
        return asked(body);
    }

    private static boolean thinks(JsonNode body) {
        return Set.of("enabled", "adaptive")
                .contains(body.path("thinking").path("type").asString(""));
    }

    private static Saying.Asked asked(JsonNode body) {
        List<String> results = new ArrayList<>();
        List<String> images = new ArrayList<>();
        String last = "";
        for (JsonNode message : body.path("messages")) {
            if (message.path("role").asString("").equals("user")) {
                last = text(message.path("content"));
                results.clear();
                read(message.path("content"), results, images);
            }
        }
        return new Saying.Asked(
                body.path("model").asString(),
                body.path("stream").asBoolean(false),
                text(body.path("system")),
                last,
                results,
                images,
                body.path("output_config").path("format").path("schema"),
                !body.path("tools").isEmpty(),
                thinks(body),
                true);
    }

    private static void read(JsonNode content, List<String> results, List<String> images) {
        for (JsonNode block : content) {
            JsonNode source = block.path("source");
            if (block.path("type").asString("").equals("tool_result")) {
                results.add(text(block.path("content")));
            } else if (source.path("type").asString("").equals("base64")) {
                byte[] bytes = Base64.getDecoder().decode(source.path("data").asString());
                images.add(source.path("media_type").asString() + ":" + bytes.length);
            } else if (source.has("url")) {
                images.add(source.path("url").asString());
            }
        }
    }

    /** Every tool_use must be answered in the next message, and thoughts before it must come back as they were signed. */
    private static void checkCalls(JsonNode messages, boolean thinks) {
        Set<String> open = new HashSet<>();
        for (JsonNode message : messages) {
            Set<String> answered = new HashSet<>();
            boolean signed = false;
            for (JsonNode block : message.path("content")) {
                String type = block.path("type").asString("");
                if (type.equals("tool_result")) {
                    String id = block.path("tool_use_id").asString("");
                    check(open.contains(id), "unexpected `tool_use_id` found in `tool_result` blocks: " + id);
                    answered.add(id);
                } else if (type.equals("thinking")) {
                    signed = block.path("signature").asString("").equals(Saying.SIGNATURE);
                    check(signed, "Invalid `signature` in `thinking` block");
                }
            }
            check(answered.equals(open), "`tool_use` ids were found without `tool_result` blocks immediately after");
            open = calls(message.path("content"), !thinks || signed);
        }
        check(open.isEmpty(), "`tool_use` ids were found without `tool_result` blocks immediately after");
    }

    private static Set<String> calls(JsonNode content, boolean mayCall) {
        Set<String> calls = new HashSet<>();
        for (JsonNode block : content) {
            if (block.path("type").asString("").equals("tool_use")) {
                check(mayCall, "Expected `thinking`, but found `tool_use`");
                String id = block.path("id").asString("");
                check(id.matches("[A-Za-z0-9_-]+"), "tool_use.id: String should match pattern");
                check(block.path("input").isObject(), "tool_use.input: Input should be a valid dictionary");
                calls.add(id);
            }
        }
        return calls;
    }

    private static String text(JsonNode content) {
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder all = new StringBuilder();
        content.forEach(block -> all.append(block.path("text").asString("")));
        return all.toString();
    }

    @Override
    public String whole(String model, Saying saying) {
        ObjectNode body = head(model);
        ArrayNode content = body.putArray("content");
        if (saying.thinking() != null) {
            content.addObject()
                    .put("type", "thinking")
                    .put("thinking", saying.thinking())
                    .put("signature", Saying.SIGNATURE);
        }
        if (!saying.text().isEmpty()) {
            content.addObject().put("type", "text").put("text", saying.text()).putNull("citations");
        }
        for (Saying.Use use : saying.uses()) {
            content.add(toolUse(use, use.input()));
        }
        body.put("stop_reason", stopReason(saying));
        body.putNull("stop_sequence");
        body.set("usage", usage(Saying.OUTPUT));
        return Json.text(body);
    }

    private static ObjectNode head(String model) {
        return node().put("id", "msg_fake1")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model + "-20260101");
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode toolUse(Saying.Use use, ObjectNode input) {
        ObjectNode block = node().put("type", "tool_use").put("id", use.id()).put("name", use.name());
        block.set("input", input);
        block.putObject("caller").put("type", "direct");
        return block;
    }

    private static String stopReason(Saying saying) {
        return switch (saying.finish()) {
            case "tool_calls" -> "tool_use";
            case "length" -> "max_tokens";
            default -> "end_turn";
        };
    }

    private static ObjectNode usage(long output) {
        ObjectNode usage = node().put("input_tokens", Saying.INPUT - Saying.CACHED)
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", Saying.CACHED)
                .put("output_tokens", output)
                .put("service_tier", "standard");
        usage.putObject("cache_creation").put("ephemeral_5m_input_tokens", 0).put("ephemeral_1h_input_tokens", 0);
        return usage;
    }

    @Override
    public void stream(Peer peer, Saying.Asked asked, Saying saying) throws IOException {
        start(peer, asked.model());
        int index = 0;
        if (saying.thinking() != null) {
            blockStart(
                    peer,
                    index,
                    node().put("type", "thinking").put("thinking", "").put("signature", ""));
            for (String piece : Saying.pieces(saying.thinking())) {
                delta(peer, index, node().put("type", "thinking_delta").put("thinking", piece));
            }
            delta(peer, index, node().put("type", "signature_delta").put("signature", Saying.SIGNATURE));
            blockStop(peer, index++);
        }
        if (!saying.text().isEmpty()) {
            blockStart(peer, index, node().put("type", "text").put("text", ""));
            for (String piece : Saying.pieces(saying.text())) {
                delta(peer, index, node().put("type", "text_delta").put("text", piece));
            }
            blockStop(peer, index++);
        }
        for (Saying.Use use : saying.uses()) {
            blockStart(peer, index, toolUse(use, node()));
            delta(peer, index, node().put("type", "input_json_delta").put("partial_json", ""));
            for (String piece : Saying.pieces(Json.text(use.input()))) {
                delta(peer, index, node().put("type", "input_json_delta").put("partial_json", piece));
            }
            blockStop(peer, index++);
        }
        end(peer, saying);
    }

    private static void start(Peer peer, String model) throws IOException {
        ObjectNode message = head(model);
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        message.set("usage", usage(1));
        event(peer, node().put("type", "message_start").set("message", message));
        event(peer, node().put("type", "ping"));
    }

    private static void end(Peer peer, Saying saying) throws IOException {
        ObjectNode last = node().put("type", "message_delta");
        last.putObject("delta").put("stop_reason", stopReason(saying)).putNull("stop_sequence");
        last.set("usage", usage(Saying.OUTPUT));
        event(peer, last);
        event(peer, node().put("type", "message_stop"));
    }

    private static void blockStart(Peer peer, int index, ObjectNode block) throws IOException {
        event(
                peer,
                node().put("type", "content_block_start").put("index", index).set("content_block", block));
    }

    private static void delta(Peer peer, int index, ObjectNode delta) throws IOException {
        event(
                peer,
                node().put("type", "content_block_delta").put("index", index).set("delta", delta));
    }

    private static void blockStop(Peer peer, int index) throws IOException {
        event(peer, node().put("type", "content_block_stop").put("index", index));
    }

    private static void event(Peer peer, JsonNode event) throws IOException {
        peer.event(event.path("type").asString(), Json.text(event));
    }

    @Override
    public void beginning(Peer peer, String model) throws IOException {
        start(peer, model);
        blockStart(peer, 0, node().put("type", "text").put("text", ""));
        delta(peer, 0, node().put("type", "text_delta").put("text", "The capital"));
    }

    @Override
    public void streamError(Peer peer, String message) throws IOException {
        peer.event("error", error(529, message));
    }

    @Override
    public String error(int status, String message) {
        ObjectNode body = node().put("type", "error");
        String type = switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
        body.putObject("error").put("type", type).put("message", message);
        return Json.text(body.put("request_id", "req_fake1"));
    }
}
