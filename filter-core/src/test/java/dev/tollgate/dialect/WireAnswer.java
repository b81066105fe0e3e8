package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What an answer says, read straight from its JSON and without the codecs under test: the first alternative's text (a refusal's
 * words included), reasoning, tool calls and finish, and the usage.
 *
 * @param calls each tool call as its name and its arguments in one form
 * @param finish why it stopped, in Anthropic's words
 */
record WireAnswer(
        String text, String reasoning, List<String> calls, String finish, long input, long cacheRead, long output) {

    static WireAnswer read(String dialect, boolean streamed, byte[] body) {
        Gatherer gatherer = dialect.equals("anthropic") ? new AnthropicGatherer() : new OpenAiGatherer();
        if (streamed) {
            events(body).forEach(gatherer::event);
        } else {
            gatherer.whole(Json.read(body));
        }
        return gatherer.answer();
    }

    static List<JsonNode> events(byte[] stream) {
        List<JsonNode> events = new ArrayList<>();
        for (String line : new String(stream, UTF_8).split("\r?\n")) {
            if (line.startsWith("data:") && !line.contains("[DONE]")) {
                events.add(Json.read(line.substring("data:".length())));
            }
        }
        return events;
    }

    /** What has been gathered of an answer so far. */
    abstract static class Gatherer {
        final StringBuilder text = new StringBuilder();
        final StringBuilder reasoning = new StringBuilder();
        final TreeMap<Integer, StringBuilder> names = new TreeMap<>();
        final TreeMap<Integer, StringBuilder> arguments = new TreeMap<>();
        String finish = "";
        long input;
        long cacheRead;
        long output;

        abstract void whole(JsonNode body);

        abstract void event(JsonNode event);

        void name(int index, String name) {
            names.computeIfAbsent(index, key -> new StringBuilder()).append(name);
            arguments.computeIfAbsent(index, key -> new StringBuilder());
        }

        WireAnswer answer() {
            List<String> calls = new ArrayList<>();
            names.forEach((index, name) -> {
                String json = arguments.get(index).toString();
                calls.add(name + " " + Json.read(json.isEmpty() ? "{}" : json));
            });
            return new WireAnswer(text.toString(), reasoning.toString(), calls, finish, input, cacheRead, output);
        }
    }

    private static final class OpenAiGatherer extends Gatherer {
        private boolean refused;

        @Override
        void whole(JsonNode body) {
            gather(body, "message");
        }

        @Override
        void event(JsonNode chunk) {
            gather(chunk, "delta");
        }

        private void gather(JsonNode body, String member) {
            for (JsonNode choice : body.path("choices")) {
                if (choice.path("index").asInt(0) == 0) {
                    message(choice.path(member));
                    finish = choice.path("finish_reason").isString() ? finish(choice) : finish;
                }
            }
            JsonNode usage = body.path("usage");
            if (usage.isObject()) {
                input = usage.path("prompt_tokens").asLong(0);
                output = usage.path("completion_tokens").asLong(0);
                cacheRead = usage.at("/prompt_tokens_details/cached_tokens").asLong(0);
            }
        }

        private void message(JsonNode message) {
            String refusal = message.path("refusal").asString("");
            refused |= !refusal.isEmpty();
            text.append(message.path("content").asString("")).append(refusal);
            reasoning.append(message.path("reasoning_content").asString(""));
            int place = 0;
            for (JsonNode call : message.path("tool_calls")) {
                int index = call.path("index").asInt(place++);
                name(index, call.at("/function/name").asString(""));
                arguments.get(index).append(call.at("/function/arguments").asString(""));
            }
        }

        /** OpenAI tells a refusal by where its words stand, and then says "stop". */
        private String finish(JsonNode choice) {
            return switch (choice.path("finish_reason").stringValue()) {
                case "stop" -> refused ? "refusal" : "end_turn";
                case "length" -> "max_tokens";
                case "tool_calls" -> "tool_use";
                default -> "refusal";
            };
        }
    }

    private static final class AnthropicGatherer extends Gatherer {
        @Override
        void whole(JsonNode body) {
            int index = 0;
            for (JsonNode block : body.path("content")) {
                block(index++, block);
            }
            finish = finish(body.path("stop_reason").asString(""));
            usage(body.path("usage"));
        }

        @Override
        void event(JsonNode event) {
            switch (event.path("type").asString("")) {
                case "message_start" -> usage(event.at("/message/usage"));
                case "content_block_start" -> block(event.path("index").intValue(), event.path("content_block"));
                case "content_block_delta" -> delta(event.path("index").intValue(), event.path("delta"));
                case "message_delta" -> {
                    finish = finish(event.at("/delta/stop_reason").asString(""));
                    usage(event.path("usage"));
                }
                default -> {
                    // says nothing of the answer
                }
            }
        }

        private void block(int index, JsonNode block) {
            text.append(block.path("text").asString(""));
            reasoning.append(block.path("thinking").asString(""));
            if (block.path("type").asString("").equals("tool_use")) {
                name(index, block.path("name").stringValue());
                arguments.get(index).append(block.path("input").isEmpty() ? "" : Json.text(block.path("input")));
            }
        }

        private void delta(int index, JsonNode delta) {
            text.append(delta.path("text").asString(""));
            reasoning.append(delta.path("thinking").asString(""));
            if (arguments.containsKey(index)) {
                arguments.get(index).append(delta.path("partial_json").asString(""));
            }
        }

        private void usage(JsonNode usage) {
            if (usage.has("input_tokens")) {
                cacheRead = usage.path("cache_read_input_tokens").asLong(0);
                input = usage.path("input_tokens").asLong(0)
                        + cacheRead
                        + usage.path("cache_creation_input_tokens").asLong(0);
            }
            output = usage.path("output_tokens").asLong(output);
        }

        private static String finish(String word) {
            return word.equals("stop_sequence") ? "end_turn" : word;
        }
    }
}
