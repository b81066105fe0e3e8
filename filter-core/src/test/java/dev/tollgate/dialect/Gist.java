package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What an answer comes to: the text, the calls, why it stopped and what it cost. No dialect may lose any of it. */
record Gist(
        String text,
        String reasoning,
        List<JsonNode> calls,
        List<String> callNames,
        boolean declined,
        FinishReason.@Nullable Kind finish,
        @Nullable Usage usage) {

    private static final String MEDIA = "media:";

    static Gist of(ChatResponse response) {
        ChatResponse.Choice choice = response.choices().get(0);
        Collector collector = new Collector();
        choice.parts().forEach(collector::add);
        return collector.gist(choice.finish().kind(), response.usage());
    }

    static Gist of(List<StreamEvent> events) {
        Collector collector = new Collector();
        FinishReason.Kind finish = null;
        Usage usage = null;
        for (StreamEvent event : events) {
            if (event instanceof StreamEvent.Finish end && end.choice() == 0) {
                finish = end.reason().kind();
            } else if (event instanceof StreamEvent.UsageReport report) {
                usage = report.usage();
            } else {
                collector.add(event);
            }
        }
        return collector.gist(finish, usage);
    }

    /** The gist of a recorded answer, read the short and obvious way. */
    static Gist plain(JsonNode answer) {
        Plain plain = new Plain();
        plain.message(answer.at("/choices/0/message"));
        answer.path("content").forEach(plain::block);
        answer.at("/candidates/0/content/parts").forEach(plain::part);
        if (answer.path("output").isArray()) {
            answer.path("output").forEach(plain::item);
        }
        answer.at("/output/message/content").forEach(plain::converse);
        plain.cohere(answer.path("message"));
        return plain.gist();
    }

    /** The gist of a recorded stream, read the short and obvious way. */
    static Gist plain(List<Frame> frames) {
        Plain plain = new Plain();
        for (Frame frame : frames) {
            if (frame.data().startsWith("{")) {
                JsonNode event = Json.read(frame.data());
                if (event.at("/choices/0/index").asInt(0) == 0) {
                    plain.message(event.at("/choices/0/delta"));
                }
                event.at("/candidates/0/content/parts").forEach(plain::part);
                plain.block(event.path("content_block"));
                plain.delta(event.path("delta"));
                event.at("/response/output").forEach(plain::item);
                plain.converse(event.path("start"));
                plain.converseDelta(event.path("delta"));
                plain.cohere(event.at("/delta/message"));
            }
        }
        return plain.gist();
    }

    long argumentCharacters() {
        return calls.stream()
                .mapToLong(call -> call.isString() ? call.stringValue().length() : 0)
                .sum();
    }

    /** The same, but for what the writer noted as dropped. */
    static void assertSame(Gist actual, Gist expected, WriteTerms terms, String what) {
        // Gemini declines in plain words, and says by its reason that it does.
        assertSame(
                actual, what.equals("gemini") ? expected.plainlySaid().counted(terms) : expected.counted(terms), what);
    }

    private Gist plainlySaid() {
        FinishReason.Kind said = declined ? FinishReason.Kind.CONTENT_FILTER : finish;
        return new Gist(text, reasoning, calls, callNames, false, said, usage);
    }

    /** The same, with its usage in the classes that the writer has. */
    private Gist counted(WriteTerms terms) {
        List<String> dropped = terms.dropped();
        Usage told = usage;
        if (told != null && dropped.contains("response.usage.reasoning_tokens")) {
            told = counted(told, told.uncachedInput(), told.cacheWrite5m() + told.cacheWrite1h(), 0);
        }
        if (told != null && dropped.contains("response.usage.cache_write_tokens")) {
            long input = told.uncachedInput() + told.cacheWrite5m() + told.cacheWrite1h();
            told = counted(told, input, 0, told.reasoning());
        }
        return new Gist(text, reasoning, calls, callNames, declined, finish, told);
    }

    private static Usage counted(Usage usage, long uncached, long written, long reasoning) {
        return new Usage(uncached, usage.cacheRead(), written, 0, usage.output(), reasoning, 0, 0, usage.extras());
    }

    static void assertSame(Gist actual, Gist expected, String what) {
        assertThat(actual.text()).as("text of %s", what).isEqualTo(expected.text());
        assertThat(actual.reasoning()).as("reasoning of %s", what).isEqualTo(expected.reasoning());
        assertThat(actual.callNames()).as("tools called in %s", what).isEqualTo(expected.callNames());
        assertThat(actual.calls()).as("arguments in %s", what).isEqualTo(expected.calls());
        if (expected.finish() != null && expected.finish() != FinishReason.Kind.OTHER) {
            assertThat(finish(actual)).as("finish of %s", what).isEqualTo(finish(expected));
        }
        if (expected.usage() != null) {
            assertSameUsage(actual.usage(), expected.usage());
        }
    }

    /** Some kinds have one word between them in a dialect; an answer that calls tools is one that does, whatever it says. */
    private static String finish(Gist gist) {
        if (gist.finish() == null || gist.declined()) {
            return gist.declined() ? "refusal" : "none";
        }
        return switch (gist.finish()) {
            case STOP, STOP_SEQUENCE, PAUSE, OTHER -> gist.calls().isEmpty() ? "stop" : "tools";
            case TOOL_CALLS -> "tools";
            case CONTENT_FILTER, REFUSAL -> "refusal";
            case LENGTH, CONTEXT_WINDOW -> "length";
        };
    }

    private static void assertSameUsage(@Nullable Usage actual, Usage expected) {
        assertThat(actual).isNotNull();
        assertThat(actual.uncachedInput()).isEqualTo(expected.uncachedInput());
        assertThat(actual.cacheRead()).isEqualTo(expected.cacheRead());
        assertThat(actual.cacheWrite5m() + actual.cacheWrite1h())
                .isEqualTo(expected.cacheWrite5m() + expected.cacheWrite1h());
        assertThat(actual.output()).isEqualTo(expected.output());
        assertThat(actual.reasoning()).isEqualTo(expected.reasoning());
    }

    /** Every text, call, result and picture of a conversation is in another one. */
    static void assertSameConversation(ChatRequest actual, ChatRequest expected) {
        assertSameConversation(actual, expected, new WriteTerms(Quirks.NONE, "", 1));
    }

    /** Every text, call, result and picture of a conversation is in another one, or was noted as dropped. */
    static void assertSameConversation(ChatRequest actual, ChatRequest expected, WriteTerms terms) {
        List<String> wanted = said(expected, dropsMedia(terms));
        String all = String.join("\n", said(actual, false));
        for (String text : wanted) {
            assertThat(all).contains(text);
        }
    }

    private static boolean dropsMedia(WriteTerms terms) {
        return terms.dropped().stream()
                .map(path -> path.substring(path.lastIndexOf('.') + 1))
                .anyMatch(Set.of("image", "document", "audio")::contains);
    }

    private static List<String> said(ChatRequest request, boolean withoutMedia) {
        List<String> said = new ArrayList<>(said(request));
        said.removeIf(text -> withoutMedia && text.startsWith(MEDIA));
        return said;
    }

    private static List<String> said(ChatRequest request) {
        List<String> said = new ArrayList<>();
        for (Message message : request.messages()) {
            message.parts().forEach(part -> said(part, said));
        }
        return said;
    }

    private static void said(Part part, List<String> said) {
        if (part instanceof Part.Text text && !text.text().isBlank()) {
            said.add(text.text().strip());
        } else if (part instanceof Part.ToolCall call) {
            said.add(call.name() + arguments(call.arguments()));
        } else if (part instanceof Part.ToolResult result) {
            result.content().forEach(each -> said(each, said));
        } else if (part instanceof Part.Media media
                && media.kind() != Part.MediaKind.AUDIO
                && media.source() instanceof Part.Source.Inline inline) {
            said.add(MEDIA + inline.mediaType() + inline.base64());
        }
    }

    private static JsonNode arguments(String json) {
        try {
            return Json.read(json.isBlank() ? "{}" : json);
        } catch (JacksonException e) {
            return Json.read("{}").withObject("/").put("arguments", json);
        }
    }

    /** Collects parts and pieces of them. */
    private static final class Collector {
        final StringBuilder text = new StringBuilder();
        final StringBuilder reasoning = new StringBuilder();
        final Map<Integer, StringBuilder> arguments = new LinkedHashMap<>();
        final List<String> names = new ArrayList<>();
        boolean declined;

        void add(Part part) {
            if (part instanceof Part.Text each) {
                text.append(each.text());
            } else if (part instanceof Part.Declined each) {
                declined = true;
                text.append(each.text());
            } else if (part instanceof Part.Reasoning each) {
                reasoning.append(each.text());
            } else if (part instanceof Part.ToolCall call) {
                arguments.put(names.size(), new StringBuilder(call.arguments()));
                names.add(call.name());
            }
        }

        void add(StreamEvent event) {
            if (event instanceof StreamEvent.OfPart piece && piece.choice() > 0) {
                return;
            }
            if (event instanceof StreamEvent.TextDelta delta) {
                text.append(delta.text());
            } else if (event instanceof StreamEvent.DeclinedDelta delta) {
                declined = true;
                text.append(delta.text());
            } else if (event instanceof StreamEvent.ReasoningDelta delta) {
                reasoning.append(delta.text());
            } else if (event instanceof StreamEvent.ToolCallStart call) {
                arguments.put(call.part(), new StringBuilder());
                names.add(call.name());
            } else if (event instanceof StreamEvent.ToolCallDelta delta) {
                arguments.get(delta.part()).append(delta.arguments());
            }
        }

        Gist gist(FinishReason.@Nullable Kind finish, @Nullable Usage usage) {
            List<JsonNode> calls = arguments.values().stream()
                    .map(json -> Gist.arguments(json.toString()))
                    .toList();
            return new Gist(text.toString(), reasoning.toString(), calls, names, declined, finish, usage);
        }
    }

    /** Reads wire formats without the dialects. */
    private static final class Plain {
        final Collector all = new Collector();
        private boolean inServerTool;

        void message(JsonNode message) {
            JsonNode said = message.path("content");
            all.text.append(said.isObject() ? Json.text(said) : said.asString(""));
            all.text.append(message.path("refusal").asString(""));
            String content = message.path("reasoning_content").asString("");
            String reasoning = content.isEmpty() ? message.path("reasoning").asString("") : content;
            if (reasoning.isEmpty()) {
                for (JsonNode detail : message.path("reasoning_details")) {
                    reasoning += detail.path("text").asString("")
                            + detail.path("summary").asString("");
                }
            }
            all.reasoning.append(reasoning);
            for (JsonNode call : message.path("tool_calls")) {
                call(call);
            }
        }

        private void call(JsonNode call) {
            String name = call.at("/function/name").asString("");
            int index = call.path("index").asInt(all.names.size());
            if (!name.isEmpty()) {
                all.names.add(name);
            }
            all.arguments
                    .computeIfAbsent(index, key -> new StringBuilder())
                    .append(call.at("/function/arguments").asString(""));
        }

        /** A part of Gemini's. */
        void part(JsonNode part) {
            boolean thought = part.path("thought").asBoolean(false);
            (thought ? all.reasoning : all.text).append(part.path("text").asString(""));
            JsonNode call = part.path("functionCall");
            if (call.isObject()) {
                all.names.add(call.path("name").asString(""));
                String args = call.has("args") ? Json.text(call.path("args")) : "";
                all.arguments.put(all.arguments.size(), new StringBuilder(args));
            }
        }

        void block(JsonNode block) {
            if (block.path("type").asString("").equals("tool_use")) {
                all.names.add(block.path("name").asString(""));
                String input = block.path("input").isEmpty() ? "" : Json.text(block.path("input"));
                all.arguments.put(all.arguments.size() + 100, new StringBuilder(input));
            }
            all.text.append(block.path("text").asString(""));
            all.reasoning.append(block.path("thinking").asString(""));
        }

        /** A block of Bedrock's, or what stands at the start of one. */
        void converse(JsonNode block) {
            all.text.append(block.path("text").asString(""));
            block.at("/citationsContent/content")
                    .forEach(piece -> all.text.append(piece.path("text").asString("")));
            all.reasoning.append(
                    block.at("/reasoningContent/reasoningText/text").asString(""));
            JsonNode use = block.path("toolUse");
            inServerTool = use.path("type").asString("").equals("server_tool_use");
            if (use.isObject() && !inServerTool) {
                all.names.add(use.path("name").asString(""));
                String input = use.path("input").isEmpty() ? "" : Json.text(use.path("input"));
                all.arguments.put(all.arguments.size() + 100, new StringBuilder(input));
            }
        }

        void converseDelta(JsonNode delta) {
            all.reasoning.append(delta.at("/reasoningContent/text").asString(""));
            StringBuilder last = all.arguments.get(all.arguments.size() + 99);
            if (last != null && !inServerTool) {
                last.append(delta.at("/toolUse/input").asString(""));
            }
        }

        /** A message of Cohere's or a piece of one; of a stream's lists there is but one element at a time. */
        void cohere(JsonNode message) {
            all.reasoning.append(message.path("tool_plan").asString(""));
            for (JsonNode block : elements(message.path("content"))) {
                all.text.append(block.path("text").asString(""));
                all.reasoning.append(block.path("thinking").asString(""));
            }
            for (JsonNode call : elements(message.path("tool_calls"))) {
                if (call.has("id")) {
                    all.names.add(call.at("/function/name").asString(""));
                    all.arguments.put(all.arguments.size() + 100, new StringBuilder());
                }
                StringBuilder last = all.arguments.get(all.arguments.size() + 99);
                if (last != null) {
                    last.append(call.at("/function/arguments").asString(""));
                }
            }
        }

        private static Iterable<JsonNode> elements(JsonNode oneOrMany) {
            return oneOrMany.isArray() ? oneOrMany : List.of(oneOrMany);
        }

        void delta(JsonNode delta) {
            all.text.append(delta.path("text").asString(""));
            all.reasoning.append(delta.path("thinking").asString(""));
            StringBuilder last = all.arguments.get(all.arguments.size() + 99);
            if (delta.has("partial_json") && last != null) {
                last.append(delta.path("partial_json").asString(""));
            }
        }

        /** An item of OpenAI's Responses, of which a stream tells all at its end. */
        void item(JsonNode item) {
            if (item.path("type").asString("").equals("function_call")) {
                all.names.add(item.path("name").asString(""));
                String arguments = item.path("arguments").asString("");
                all.arguments.put(all.arguments.size() + 100, new StringBuilder(arguments));
            }
            boolean thought = item.path("type").asString("").equals("reasoning");
            for (JsonNode part : item.path("content")) {
                String text =
                        part.path("text").asString("") + part.path("refusal").asString("");
                (thought ? all.reasoning : all.text).append(text);
            }
            StringBuilder summary = new StringBuilder();
            for (JsonNode part : item.path("summary")) {
                summary.append(summary.isEmpty() ? "" : "\n\n")
                        .append(part.path("text").asString(""));
            }
            all.reasoning.append(summary);
        }

        Gist gist() {
            return all.gist(null, null);
        }
    }
}
