package dev.tollgate.it;

import static dev.tollgate.testing.MeteredGateway.CALL;
import static dev.tollgate.testing.MeteredGateway.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.MeteredGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.Talk;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The ledger of a gateway in a real server: its rows are on the disk before the caller has all of its answer, and outlive it. */
@ParameterizedClass
@EnumSource
class LedgerIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static MeteredGateway gateway;

    private final FakeUpstream upstream = gateway.upstream();

    LedgerIT(Servers kind) {
        assertThat(gateway.server().log()).as("the log of %s", kind).isNotEmpty();
    }

    @BeforeParameterizedClassInvocation
    static void start(Servers kind) {
        gateway = MeteredGateway.start(kind, "ledger");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({"OPENAI,oai", "OPENAI,ant", "ANTHROPIC,ant", "ANTHROPIC,oai"})
    void theRowIsOnTheDiskWhenTheLastOfAStreamIsThere(Talk talk, String model) throws Exception {
        for (int i = 0; i < 10; i++) {
            int rows = gateway.attempts("free").size();
            String body = talk.request(true, "Hi", "9").replace("smart", model);
            HttpResponse<InputStream> answer =
                    HTTP.send(request("free", talk.path(true), "application/json", body), BodyHandlers.ofInputStream());

            try (InputStream in = answer.body()) {
                readUntil(in, talk.mark());
                assertThat(gateway.attempts("free")).hasSize(rows + 1);
                assertThat(gateway.attempts("free").get(rows).costNanoUsd()).hasValue(CALL);
                assertThat(gateway.calls("free")).hasSize(rows + 1);
            }
        }
    }

    private static void readUntil(InputStream in, String mark) throws Exception {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(mark) < 0) {
            int next = in.read();
            assertThat(next).as("goes on after " + text).isNotNegative();
            text.append((char) next);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotTranslatedHasOneRowAndItsPlaceIsFree(Relayed what) throws Exception {
        for (int i = 0; i < 5; i++) {
            int rows = gateway.calls("single").size();
            upstream.then(peer -> peer.answer(200, what.answerType, what.answer));

            HttpResponse<String> answer =
                    HTTP.send(request("single", what.path, what.type, what.body), BodyHandlers.ofString());

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(what.answer);
            assertThat(gateway.calls("single")).hasSize(rows + 1);
            assertThat(gateway.attempts("single")).hasSize(rows + 1);
        }
    }

    /** What is passed on as it is. */
    enum Relayed {
        IMAGE(
                "/v1/images/generations",
                "application/json",
                "{\"model\":\"painter\",\"prompt\":\"a gate\"}",
                "application/json",
                "{\"created\":1,\"data\":[{\"b64_json\":\"AAAA\"}],\"usage\":{\"input_tokens\":10,\"output_tokens\":20,"
                        + "\"total_tokens\":30}}"),
        SPEECH(
                "/v1/audio/speech",
                "application/json",
                "{\"model\":\"voice\",\"input\":\"Hello\",\"voice\":\"alloy\"}",
                "audio/mpeg",
                "some sound"),
        FILE(
                "/v1/files",
                "multipart/form-data; boundary=XyZ",
                """
                --XyZ
                Content-Disposition: form-data; name="purpose"

                batch
                --XyZ
                Content-Disposition: form-data; name="file"; filename="a.jsonl"

                {}
                --XyZ--
                """.replace("\n", "\r\n"),
                "application/json",
                "{\"id\":\"file-1\",\"object\":\"file\",\"bytes\":2,\"created_at\":1,\"filename\":\"a.jsonl\",\"purpose\":\"batch\"}");

        final String path;
        final String type;
        final String body;
        final String answerType;
        final String answer;

        Relayed(String path, String type, String body, String answerType, String answer) {
            this.path = path;
            this.type = type;
            this.body = body;
            this.answerType = answerType;
            this.answer = answer;
        }
    }

    @Test
    void aSpentBudgetIsStillSpentAfterARestart() throws Exception {
        String body = Talk.OPENAI.request(false, "Hi", "9").replace("smart", "oai");
        assertThat(chat("kept", body).statusCode()).isEqualTo(200);
        assertThat(chat("kept", body).statusCode()).isEqualTo(402);

        gateway.restart();

        HttpResponse<String> answer = chat("kept", body);
        assertThat(answer.statusCode()).isEqualTo(402);
        assertThat(answer.body()).contains("has spent 0.049 of 0.06 USD");
        assertThat(gateway.charged("kept")).isEqualTo(CALL);
        assertThat(chat("free", body).statusCode()).isEqualTo(200);
    }

    // --- over the wire

    private static HttpResponse<String> chat(String key, String body) throws Exception {
        return HTTP.send(request(key, Talk.OPENAI.path(false), "application/json", body), BodyHandlers.ofString());
    }

    private static HttpRequest request(String key, String path, String type, String body) {
        return HttpRequest.newBuilder(gateway.uri(path))
                .header("authorization", "Bearer " + key(key))
                .header("content-type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
