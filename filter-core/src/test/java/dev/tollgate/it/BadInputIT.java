package dev.tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.json.Json;
import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RawClient;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Requests that cannot be answered, over raw HTTP, in real servers: each gets an error of the caller's dialect that says whose
 * fault it is, and leaves nothing behind. All use a key that may make one call at a time, and after each a good call succeeds.
 */
@ParameterizedClass
@EnumSource
class BadInputIT {
    private static final int TOO_MUCH = 33 * 1024 * 1024;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final RealGateway gateway;

    BadInputIT(Servers kind) {
        gateway = SharedGateways.in(kind);
    }

    /** A caller's dialect, and where its requests go when they must be translated. */
    enum Caller {
        OPENAI("/v1/chat/completions", "oai-plain", "ant-plain"),
        ANTHROPIC("/v1/messages", "ant-plain", "oai-plain");

        final String path;
        final String ownModel;
        final String otherModel;

        Caller(String path, String ownModel, String otherModel) {
            this.path = path;
            this.ownModel = ownModel;
            this.otherModel = otherModel;
        }

        /** A good request, with more members that begin with a comma. */
        String request(String model, String more) {
            return "{\"model\":\"" + model
                    + "\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}";
        }
    }

    /** Nothing is under way or held any more, and a good call with the same key gets through. */
    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(gateway.metric("tollgate_calls_in_flight")).isZero());
        for (Caller caller : Caller.values()) {
            HttpResponse<String> answer = call(caller, BodyPublishers.ofString(caller.request(caller.ownModel, "")));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains(FakeProvider.SENTENCE);
        }
    }

    // --- bodies

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void aBodyThatCannotBeReadIsRefused(Caller caller, String what, byte[] body) throws Exception {
        HttpResponse<String> answer = call(caller, BodyPublishers.ofByteArray(body));

        assertRefused(caller, answer, 400, "caller_bad_request");
    }

    static Stream<Arguments> aBodyThatCannotBeReadIsRefused() {
        return Stream.of(Caller.values())
                .flatMap(caller -> unreadable(caller).entrySet().stream()
                        .map(entry -> Arguments.of(caller, entry.getKey(), entry.getValue())));
    }

    private static Map<String, byte[]> unreadable(Caller caller) {
        String good = caller.request(caller.ownModel, "");
        Map<String, byte[]> bodies = new LinkedHashMap<>();
        bodies.put("empty", new byte[0]);
        bodies.put("blanks only", bytes("  \n "));
        bodies.put("no JSON", bytes("model=oai-plain&messages=hello"));
        bodies.put("malformed", bytes(good.replace(":50,", ":50,,")));
        bodies.put("with single quotes", bytes(good.replace('"', '\'')));
        bodies.put("with a comment", bytes(good.replace(":50,", ":50,/* fifty */")));
        bodies.put("with not-a-number", bytes(caller.request(caller.ownModel, ",\"temperature\":NaN")));
        bodies.put("cut short", bytes(good.substring(0, good.length() - 2)));
        bodies.put("cut short in a string", bytes(good.substring(0, good.indexOf("Hi") + 1)));
        bodies.put("an array", bytes("[" + good + "]"));
        bodies.put("a string", bytes("\"hello\""));
        bodies.put("null", bytes("null"));
        bodies.put(
                "nested 10,000 deep",
                bytes(caller.request(caller.ownModel, ",\"metadata\":" + "[".repeat(10_000) + "]".repeat(10_000))));
        bodies.put("nested 10,000 deep and cut short", bytes("{\"model\":".repeat(10_000)));
        bodies.put(
                "with a key twice", bytes(caller.request(caller.ownModel, ",\"model\":\"" + caller.otherModel + "\"")));
        bodies.put("with a key twice further in", bytes(good.replace("\"role\":", "\"role\":\"system\",\"role\":")));
        bodies.put("followed by more", bytes(good + "{}"));
        bodies.put("followed by NUL", bytes(good + "\0"));
        bodies.put("with NUL in a string", bytes(good.replace("Hi", "H\0i")));
        bodies.put("not UTF-8", replaced(good, (byte) 0xC3, (byte) '('));
        bodies.put("with half a surrogate in UTF-8", replaced(good, (byte) 0xED, (byte) 0xA0, (byte) 0x80));
        bodies.put("UTF-16", good.getBytes(java.nio.charset.StandardCharsets.UTF_16LE));
        return bodies;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** A text with bytes in the place of its word. */
    private static byte[] replaced(String text, byte... bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int at = text.indexOf("Hi");
        all.writeBytes(bytes(text.substring(0, at)));
        all.writeBytes(bytes);
        all.writeBytes(bytes(text.substring(at + 2)));
        return all.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void aBodyOf33MiBIsTooLarge(Caller caller) throws Exception {
        byte[] body = bytes(caller.request(caller.ownModel, ",\"more\":\"" + "x".repeat(TOO_MUCH) + "\""));

        assertRefused(caller, call(caller, BodyPublishers.ofByteArray(body)), 413, "caller_too_large");
        BodyPublisher inChunks = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        assertRefused(caller, call(caller, inChunks), 413, "caller_too_large");
    }

    @ParameterizedTest
    @EnumSource
    void aBodyWhoseEndNeverComesIsRefused(Caller caller) throws Exception {
        String head = "POST /ai" + caller.path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer " + RealGateway.SINGLE_KEY + "\r\nContent-Length: 1000\r\n\r\n";
        try (RawClient client = new RawClient(gateway.server().port())) {
            RawClient.Answer answer =
                    client.send(head + "{\"model\":").shutdownOutput().readToEnd(Duration.ofSeconds(20));

            // A server may also just close the connection of a caller that it takes to be gone; it must not hang or say
            // 500.
            assertThat(answer.closed()).isTrue();
            assertThat(answer.status()).isIn(0, 400);
        }
    }

    // --- fields

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void aFieldOfTheWrongTypeIsRefused(Caller caller, String body) throws Exception {
        assertRefused(caller, call(caller, BodyPublishers.ofString(body)), 400, "caller_bad_request");
    }

    static Stream<Arguments> aFieldOfTheWrongTypeIsRefused() {
        return Stream.concat(
                BadFields.ofOpenAi("ant-plain").map(body -> Arguments.of(Caller.OPENAI, body)),
                BadFields.ofAnthropic("oai-plain").map(body -> Arguments.of(Caller.ANTHROPIC, body)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void whatTheGatewayItselfReadsMustBeRight(Caller caller, String body) throws Exception {
        assertRefused(caller, call(caller, BodyPublishers.ofString(body)), 400, "caller_bad_request");
    }

    static Stream<Arguments> whatTheGatewayItselfReadsMustBeRight() {
        return Stream.of(Caller.values())
                .flatMap(caller -> BadFields.ofModelAndStream(caller.ownModel).map(body -> Arguments.of(caller, body)));
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatNobodyKnowsIsNotFound(Caller caller) throws Exception {
        for (String model :
                new String[] {"gpt-99", "oai", "../../etc/passwd", "oai-*", " oai-plain", "Oai-plain", "ö"}) {
            String body = caller.request(model, "");
            HttpResponse<String> answer = call(caller, BodyPublishers.ofString(body));
            assertThat(answer.statusCode()).as(model).isIn(400, 404);
            assertShape(caller, answer);
        }
        assertRefused(
                caller,
                call(caller, BodyPublishers.ofString(caller.request("gpt-99", ""))),
                404,
                "caller_model_unknown");
    }

    // --- keys

    @ParameterizedTest
    @EnumSource
    void withoutAGoodKeyNobodyGetsIn(Caller caller) throws Exception {
        String[][] none = {{}, {"authorization", ""}, {"x-api-key", " "}, {"authorization", "Basic dTpw"}};
        String[][] wrong = {
            {"authorization", "Bearer tg-0123456789abcdef0123456789abcdef"},
            {"x-api-key", RealGateway.KEY + "0"},
            {"api-key", "\"" + RealGateway.KEY + "\""},
            {"x-goog-api-key", RealGateway.KEY.toUpperCase(java.util.Locale.ROOT)},
            {"authorization", "Bearer " + RealGateway.EXPIRED_KEY}
        };
        String good = caller.request(caller.ownModel, "");
        for (String[] headers : none) {
            HttpResponse<String> answer = send(caller, BodyPublishers.ofString(good), headers);
            assertThat(answer.statusCode()).as(String.join(" ", headers)).isEqualTo(401);
            assertShape(caller, answer);
        }
        for (String[] headers : wrong) {
            assertRefused(caller, send(caller, BodyPublishers.ofString(good), headers), 401, "caller_invalid_key");
        }
        assertRefused(caller, send(caller, BodyPublishers.ofString(good)), 401, "caller_no_key");
    }

    @ParameterizedTest
    @EnumSource
    void aWrongKeyIsToldSoEvenWithABodyOf33MiB(Caller caller) throws Exception {
        BodyPublisher body = BodyPublishers.ofByteArray(new byte[TOO_MUCH]);

        HttpResponse<String> answer = send(caller, body, "authorization", "Bearer tg-0123456789abcdef0123456789abcdef");

        assertRefused(caller, answer, 401, "caller_invalid_key");
    }

    @ParameterizedTest
    @EnumSource
    void twoDifferentKeysAreRefusedAndTheSameTwiceIsNot(Caller caller) throws Exception {
        String good = caller.request(caller.ownModel, "");
        String bearer = "Bearer " + RealGateway.KEY;

        assertRefused(
                caller,
                send(caller, BodyPublishers.ofString(good), "authorization", bearer, "x-api-key", RealGateway.SLOW_KEY),
                400,
                "caller_bad_request");
        assertThat(send(caller, BodyPublishers.ofString(good), "authorization", bearer, "x-api-key", RealGateway.KEY)
                        .statusCode())
                .isEqualTo(200);
    }

    // --- calls that fail later

    @ParameterizedTest
    @MethodSource
    void aCallThatFailsAtTheProviderHoldsNothing(Caller caller, String model, boolean stream) throws Exception {
        String body = caller.request(model, stream ? ",\"stream\":true" : "");

        HttpResponse<String> answer = call(caller, BodyPublishers.ofString(body));

        assertThat(answer.statusCode()).isBetween(400, 599);
        assertShape(caller, answer);
        assertThat(answer.headers().firstValue("x-tollgate-error").orElse("")).startsWith("provider_");
    }

    static Stream<Arguments> aCallThatFailsAtTheProviderHoldsNothing() {
        return Stream.of(Caller.values())
                .flatMap(caller -> Stream.of("oai-", "ant-")
                        .flatMap(provider -> Stream.of("status-400", "status-429", "status-500", "garbage", "silent")
                                .flatMap(model -> Stream.of(false, true)
                                        .map(stream -> Arguments.of(caller, provider + model, stream)))));
    }

    // --- over the wire

    private HttpResponse<String> call(Caller caller, BodyPublisher body) throws Exception {
        return send(caller, body, "authorization", "Bearer " + RealGateway.SINGLE_KEY);
    }

    private HttpResponse<String> send(Caller caller, BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.uri(caller.path))
                .timeout(Duration.ofSeconds(30))
                .header("content-type", "application/json")
                .header("anthropic-version", "2023-06-01")
                .POST(body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static void assertRefused(Caller caller, HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("x-tollgate-error")).contains(code);
        assertShape(caller, answer);
    }

    /** The error has the members that the dialect's SDKs look for. */
    private static void assertShape(Caller caller, HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("application/json");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        JsonNode body = Json.read(answer.body());
        assertThat(body.path("error").path("message").asString("")).isNotEmpty();
        assertThat(body.path("error").path("type").asString("")).isNotEmpty();
        if (caller == Caller.OPENAI) {
            assertThat(body.path("error").has("param")).isTrue();
            assertThat(body.path("error").has("code")).isTrue();
        } else {
            assertThat(body.path("type").asString("")).isEqualTo("error");
            assertThat(body.path("request_id").isString()).isTrue();
        }
    }
}
