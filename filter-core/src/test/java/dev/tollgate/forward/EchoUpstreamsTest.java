package dev.tollgate.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.json.Json;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EchoUpstreamsTest {
    private static final String WEATHER = """
            {"type":"function","function":{"name":"weather","parameters":{"type":"object","required":["city","days"],
             "properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1},"unit":{"type":"string"}}}}}""";

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Executor later = tasks::add;

    @Test
    void itAnswersWithTheLastThingTheUserSaid() {
        JsonNode answer = whole("""
                {"model":"m","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"one"},
                 {"role":"assistant","content":"Echo: one"},{"role":"user","content":[{"type":"text","text":"two "},
                 {"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}]}""");

        assertThat(answer.at("/choices/0/message/content").stringValue()).isEqualTo("Echo: two [image_url]");
        assertThat(answer.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
        assertThat(answer.path("model").stringValue()).isEqualTo("m");
        assertThat(answer.path("created").longValue()).isEqualTo(1_800_000_000);
    }

    @Test
    void theSameRequestGetsTheSameAnswer() {
        String request = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

        assertThat(whole(request)).isEqualTo(whole(request));
        assertThat(whole(request.replace("hello", "hallo")).path("id"))
                .isNotEqualTo(whole(request).path("id"));
    }

    @Test
    void aTokenIsFourBytesOfTextRoundedUp() {
        JsonNode usage = whole("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"é1234\"}]}")
                .path("usage");

        assertThat(usage.path("prompt_tokens").intValue()).isEqualTo(2);
        assertThat(usage.path("completion_tokens").intValue()).isEqualTo(3);
        assertThat(usage.path("total_tokens").intValue()).isEqualTo(5);
    }

    @Test
    void manyAlternativesOfALongAnswerAreRefusedRatherThanMadeInMemory() {
        String request = "{\"model\":\"m\",\"n\":128,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted("x".repeat(300_000));

        Heard heard = new Heard();
        send(request, heard);
        run();

        assertThat(heard.status()).isEqualTo(400);
        assertThat(heard.text()).contains("\"param\":\"n\"");
    }

    @Test
    void aStreamSaysWhatTheWholeAnswerSays() {
        String request =
                "{\"model\":\"m\",%s\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"one  two\\nthree 😀\"}]}";
        List<JsonNode> chunks = chunks(request.formatted("\"stream\":true,"));

        assertThat(contents(chunks, 0)).isEqualTo("Echo: one  two\nthree 😀");
        assertThat(contents(chunks, 1)).isEqualTo(contents(chunks, 0));
        assertThat(chunks.get(0).at("/choices/0/delta/role").stringValue()).isEqualTo("assistant");
        assertThat(chunks).noneMatch(chunk -> chunk.has("usage"));
        assertThat(chunks.stream()
                        .filter(chunk -> !chunk.at("/choices/0/finish_reason").isNull()))
                .hasSize(2);
        assertThat(whole(request.formatted("")).path("choices")).hasSize(2);
    }

    @Test
    void aStreamReportsUsageOnlyWhenAsked() {
        List<JsonNode> chunks = chunks("""
                {"model":"m","stream":true,"stream_options":{"include_usage":true},
                 "messages":[{"role":"user","content":"hello"}]}""");

        JsonNode last = chunks.get(chunks.size() - 1);
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.at("/usage/completion_tokens").intValue()).isEqualTo(3);
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allMatch(chunk -> chunk.path("usage").isNull());
    }

    @Test
    void aToolIsCalledWithTheArgumentsTheUserGives() {
        JsonNode answer = whole(withTools("call weather {\\\"city\\\":\\\"Oslo\\\"}", "\"tool_choice\":\"auto\","));

        JsonNode call = answer.at("/choices/0/message/tool_calls/0");
        assertThat(call.at("/function/name").stringValue()).isEqualTo("weather");
        assertThat(call.at("/function/arguments").stringValue()).isEqualTo("{\"city\":\"Oslo\"}");
        assertThat(call.path("id").stringValue()).startsWith("call_");
        assertThat(answer.at("/choices/0/finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(answer.at("/choices/0/message/content").isNull()).isTrue();
    }

    @Test
    void severalToolsAreCalledAtOnceUnlessForbidden() {
        String text = "call weather {\\\"city\\\":\\\"Oslo\\\"}\\ncall weather {\\\"city\\\":\\\"Rome\\\"}";

        assertThat(whole(withTools(text, "")).at("/choices/0/message/tool_calls"))
                .hasSize(2);
        assertThat(whole(withTools(text, "\"parallel_tool_calls\":false,")).at("/choices/0/message/tool_calls"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"\"required\"", "{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}"})
    void aDemandedToolIsCalledWithTheLeastItsSchemaAllows(String choice) {
        JsonNode answer = whole(withTools("hello", "\"tool_choice\":" + choice + ","));

        assertThat(answer.at("/choices/0/message/tool_calls/0/function/arguments")
                        .stringValue())
                .isEqualTo("{\"city\":\"echo\",\"days\":1}");
    }

    @ParameterizedTest
    @CsvSource({"auto", "none"})
    void noToolIsCalledThatNobodyAskedFor(String choice) {
        JsonNode answer = whole(withTools("hello", "\"tool_choice\":\"" + choice + "\","));

        assertThat(answer.at("/choices/0/message/content").stringValue()).isEqualTo("Echo: hello");
    }

    @Test
    void aToolResultIsAnsweredWithText() {
        JsonNode answer = whole("""
                {"model":"m","tool_choice":"required","tools":[%s],"messages":[{"role":"user","content":"call weather"},
                 {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"weather","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"a","content":"sunny"},{"role":"tool","tool_call_id":"b","content":"warm"}]}""".formatted(WEATHER));

        assertThat(answer.at("/choices/0/message/content").stringValue()).isEqualTo("Echo: sunny\nwarm");
    }

    @Test
    void streamedToolCallsAddUpToTheWholeOnes() {
        String text = "call weather {\\\"city\\\":\\\"Oslo\\\"}\\ncall weather";
        List<JsonNode> chunks = chunks(withTools(text, "\"stream\":true,"));
        JsonNode whole = whole(withTools(text, "")).at("/choices/0/message/tool_calls");

        for (int index = 0; index < 2; index++) {
            StringBuilder arguments = new StringBuilder();
            StringBuilder name = new StringBuilder();
            for (JsonNode chunk : chunks) {
                JsonNode call = chunk.at("/choices/0/delta/tool_calls/0");
                if (call.path("index").asInt(-1) == index) {
                    arguments.append(call.at("/function/arguments").asString(""));
                    name.append(call.at("/function/name").asString(""));
                }
            }
            assertThat(arguments)
                    .hasToString(whole.get(index).at("/function/arguments").stringValue());
            assertThat(name).hasToString("weather");
        }
    }

    @Test
    void aSchemaIsFollowed() {
        JsonNode answer = whole("""
                {"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema",
                 "json_schema":{"name":"s","schema":{"type":"object","required":["a","b"],"properties":
                 {"a":{"$ref":"#/$defs/A"},"b":{"enum":["x","y"]}},"$defs":{"A":{"type":"array","minItems":1,
                 "items":{"type":"number"}}}}}}}""");

        assertThat(answer.at("/choices/0/message/content").stringValue()).isEqualTo("{\"a\":[0],\"b\":\"x\"}");
    }

    @Test
    void theAnswerEndsAtTheTokenLimitAndAtStopSequences() {
        String request = "{\"model\":\"m\",%s,\"messages\":[{\"role\":\"user\",\"content\":\"héllo wörld\"}]}";
        JsonNode limited = whole(request.formatted("\"max_completion_tokens\":2"));
        JsonNode stopped = whole(request.formatted("\"stop\":[\"zzz\",\"wör\"]"));

        assertThat(limited.at("/choices/0/message/content").stringValue()).isEqualTo("Echo: h");
        assertThat(limited.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
        assertThat(stopped.at("/choices/0/message/content").stringValue()).isEqualTo("Echo: héllo ");
        assertThat(stopped.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"model\":\"m\"} | messages",
                "{\"model\":\"m\",\"messages\":[]} | messages",
                "{\"messages\":[{}]} | model",
                "{\"model\":\"m\",\"messages\":[{}],\"n\":0} | n",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":\"many\"} | max_tokens",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":1e9999} | max_tokens",
                "no json | messages",
            })
    void aBadRequestIsRefusedAsOpenAiDoes(String body, String param) {
        Heard heard = new Heard();
        send(body, heard);
        run();

        assertThat(heard.status()).isEqualTo(400);
        JsonNode error = Json.read(heard.text()).path("error");
        assertThat(error.path("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").stringValue()).isEqualTo(param);
    }

    @Test
    void noMoreIsSentThanTheWindowAllows() {
        String text = "word ".repeat(20_000);
        String request = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        Heard heard = new Heard();
        Flight flight = send(request, heard);
        run();
        assertThat(heard.size()).isEqualTo(32 * 1024);
        assertThat(heard.isOver()).isFalse();

        flight.request(10);
        run();
        assertThat(heard.size()).isEqualTo(32 * 1024 + 10);

        flight.request(1 << 20);
        run();
        assertThat(heard.hasEnded()).isTrue();
        assertThat(Json.read(heard.text()).at("/choices/0/message/content").stringValue())
                .isEqualTo("Echo: " + text);
        assertThat(heard.heardLate()).isZero();
    }

    @Test
    void aHugeStreamIsSentPieceByPieceWithoutRecursion() {
        String text = "word ".repeat(20_000);
        String request =
                "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        Heard heard = new Heard();
        Executor direct = Runnable::run;
        Flight flight = new EchoUpstreams(direct, InstantSource.system()).send(request(request), heard);
        for (int before = -1; heard.size() > before; ) {
            before = heard.size();
            flight.request(64 * 1024);
        }

        assertThat(heard.hasEnded()).isTrue();
        assertThat(heard.text().lines().filter(line -> line.contains("\"word \"")))
                .hasSize(20_000);
    }

    @Test
    void nothingIsHeardAfterAnAbort() {
        Heard heard = new Heard();
        Flight flight = send("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", heard);
        flight.abort();
        run();
        flight.request(1000);
        run();

        assertThat(heard.size()).isZero();
        assertThat(heard.isOver()).isFalse();
    }

    @Test
    void aClosedExecutorFailsTheCall() {
        Heard heard = new Heard();
        new EchoUpstreams(
                        task -> {
                            throw new RejectedExecutionException("closed");
                        },
                        InstantSource.system())
                .send(request("{}"), heard);

        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.BROKEN);
    }

    private JsonNode whole(String body) {
        Heard heard = new Heard();
        send(body, heard).request(1 << 20);
        run();
        assertThat(heard.status()).as(heard.text()).isEqualTo(200);
        assertThat(heard.header("content-type")).isEqualTo("application/json");
        return Json.read(heard.text());
    }

    private List<JsonNode> chunks(String body) {
        Heard heard = new Heard();
        send(body, heard).request(1 << 20);
        run();
        assertThat(heard.header("content-type")).startsWith("text/event-stream");
        assertThat(heard.text()).endsWith("data: [DONE]\n\n");
        List<JsonNode> chunks = new ArrayList<>();
        for (String event : heard.text().split("\n\n")) {
            if (!event.equals("data: [DONE]")) {
                chunks.add(Json.read(event.substring("data: ".length())));
            }
        }
        return chunks;
    }

    private static String contents(List<JsonNode> chunks, int choice) {
        StringBuilder text = new StringBuilder();
        for (JsonNode chunk : chunks) {
            if (chunk.at("/choices/0/index").asInt(-1) == choice) {
                text.append(chunk.at("/choices/0/delta/content").asString(""));
            }
        }
        return text.toString();
    }

    private static String withTools(String text, String more) {
        return "{\"model\":\"m\"," + more + "\"tools\":[" + WEATHER
                + "],\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    private Flight send(String body, UpstreamListener listener) {
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000));
        return new EchoUpstreams(later, clock).send(request(body), listener);
    }

    private static UpstreamRequest request(String body) {
        Provider echo = new Provider(
                "echo",
                "echo",
                URI.create("echo:local"),
                Way.chat(Map.of("openai-chat", "/chat/completions")),
                new Credential.None(),
                Quirks.NONE);
        return UpstreamRequest.post(
                echo,
                URI.create("echo:local/chat/completions"),
                List.of(),
                body.getBytes(UTF_8),
                Duration.ofSeconds(1));
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
