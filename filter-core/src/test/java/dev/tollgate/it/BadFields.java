package dev.tollgate.it;

import java.util.stream.Stream;

/** Requests of which one field has a value that it cannot have. */
final class BadFields {
    private static final String USER = "{\"role\":\"user\",\"content\":\"Hi\"}";

    private BadFields() {}

    /** In what a gateway reads of every request, whatever its dialect. */
    static Stream<String> ofModelAndStream(String model) {
        String rest = ",\"max_tokens\":50,\"messages\":[" + USER + "]}";
        String named = "{\"model\":\"" + model + "\"";
        return Stream.of(
                "{\"max_tokens\":50,\"messages\":[" + USER + "]}",
                "{\"model\":null" + rest,
                "{\"model\":5" + rest,
                "{\"model\":\"\"" + rest,
                "{\"model\":[\"" + model + "\"]" + rest,
                "{\"model\":{\"id\":\"" + model + "\"}" + rest,
                named + ",\"stream\":\"yes\"" + rest,
                named + ",\"stream\":1" + rest,
                named + ",\"stream\":{}" + rest);
    }

    static Stream<String> ofOpenAi(String model) {
        Stream<String> bodies = Stream.of("", ",\"messages\":null", ",\"messages\":\"Hi\"", ",\"messages\":{}")
                .map(messages -> "{\"model\":\"" + model + "\"" + messages + "}");
        Stream<String> messages = Stream.of(
                        "5",
                        "null",
                        "{}",
                        "{\"role\":5,\"content\":\"Hi\"}",
                        "{\"role\":\"alien\",\"content\":\"Hi\"}",
                        "{\"role\":\"user\"}",
                        "{\"role\":\"user\",\"content\":5}",
                        "{\"role\":\"user\",\"content\":{}}",
                        "{\"role\":\"user\",\"content\":[5]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":5}]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":\"x\"}]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":5}}]}",
                        "{\"role\":\"assistant\",\"content\":5}",
                        "{\"role\":\"assistant\",\"tool_calls\":5}",
                        "{\"role\":\"assistant\",\"tool_calls\":[5]}",
                        "{\"role\":\"assistant\",\"tool_calls\":[{\"type\":\"function\",\"function\":{}}]}",
                        "{\"role\":\"tool\",\"content\":\"sunny\"}",
                        "{\"role\":\"tool\",\"tool_call_id\":5,\"content\":\"sunny\"}")
                .map(message -> "{\"model\":\"" + model + "\",\"messages\":[" + USER + "," + message + "]}");
        Stream<String> others = Stream.of(
                        "\"temperature\":\"hot\"",
                        "\"temperature\":[]",
                        "\"top_p\":{}",
                        "\"max_tokens\":\"many\"",
                        "\"max_tokens\":1.5",
                        "\"max_completion_tokens\":[]",
                        "\"n\":\"two\"",
                        "\"seed\":\"x\"",
                        "\"stop\":5",
                        "\"stop\":[5]",
                        "\"presence_penalty\":\"x\"",
                        "\"tools\":5",
                        "\"tools\":[5]",
                        "\"tools\":[{\"type\":\"function\"}]",
                        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":5}}]",
                        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":5}}]",
                        "\"tool_choice\":5",
                        "\"tool_choice\":\"perhaps\"",
                        "\"parallel_tool_calls\":\"no\"",
                        "\"response_format\":\"json\"",
                        "\"response_format\":{\"type\":\"json_schema\"}",
                        "\"reasoning_effort\":5",
                        "\"user\":5",
                        "\"stream\":true,\"stream_options\":5")
                .map(more -> "{\"model\":\"" + model + "\",\"messages\":[" + USER + "]," + more + "}");
        return Stream.of(bodies, messages, others).flatMap(all -> all);
    }

    static Stream<String> ofAnthropic(String model) {
        String head = "{\"model\":\"" + model + "\",\"max_tokens\":50";
        Stream<String> bodies = Stream.of("", ",\"messages\":null", ",\"messages\":\"Hi\"", ",\"messages\":{}")
                .map(messages -> head + messages + "}");
        Stream<String> messages = Stream.of(
                        "5",
                        "{}",
                        "{\"role\":5,\"content\":\"Hi\"}",
                        "{\"role\":\"alien\",\"content\":\"Hi\"}",
                        "{\"role\":\"user\"}",
                        "{\"role\":\"user\",\"content\":5}",
                        "{\"role\":\"user\",\"content\":[5]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":5}]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":5}]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\"}]}",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":5}]}",
                        "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":5,\"name\":\"f\",\"input\":{}}]}",
                        "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"a\",\"name\":5,\"input\":{}}]}")
                .map(message -> head + ",\"messages\":[" + USER + "," + message + "]}");
        Stream<String> others = Stream.of(
                        "\"temperature\":\"hot\"",
                        "\"top_p\":{}",
                        "\"top_k\":\"few\"",
                        "\"system\":5",
                        "\"system\":[5]",
                        "\"stop_sequences\":\"x\"",
                        "\"stop_sequences\":[5]",
                        "\"thinking\":5",
                        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":\"x\"}",
                        "\"tools\":5",
                        "\"tools\":[5]",
                        "\"tools\":[{\"name\":5,\"input_schema\":{}}]",
                        "\"tool_choice\":5",
                        "\"tool_choice\":{\"type\":\"perhaps\"}",
                        "\"metadata\":5",
                        "\"output_config\":5")
                .map(more -> head + ",\"messages\":[" + USER + "]," + more + "}");
        Stream<String> limits = Stream.of("\"many\"", "1.5", "null", "[]")
                .map(limit -> "{\"model\":\"" + model + "\",\"max_tokens\":" + limit + ",\"messages\":[" + USER + "]}");
        return Stream.of(bodies, messages, others, limits).flatMap(all -> all);
    }
}
