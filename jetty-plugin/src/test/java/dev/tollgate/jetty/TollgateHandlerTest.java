package dev.tollgate.jetty;

import static dev.tollgate.testing.FakeGateway.answer;
import static dev.tollgate.testing.FakeGateway.beginStream;
import static dev.tollgate.testing.FakeGateway.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.BodySource;
import dev.tollgate.ErrorCode;
import dev.tollgate.Exchange;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.receive.BodyTerms;
import dev.tollgate.testing.FakeGateway;
import dev.tollgate.testing.PieceReader;
import dev.tollgate.testing.RawClient;
import dev.tollgate.testing.RawClient.Answer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TollgateHandlerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final BodyTerms HURRIED =
            new BodyTerms(Duration.ofMillis(400), 1024, Duration.ofMillis(400), 64L << 20, Duration.ofMillis(400));

    private final FakeGateway gateway = new FakeGateway();
    private final ExecutorService reactor = Executors.newSingleThreadExecutor();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    @BeforeEach
    void prepare() {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
    }

    @AfterEach
    void stop() throws Exception {
        reactor.shutdownNow();
        server.stop();
    }

    /** Whatever stands behind the gateway's handler. */
    private static final class Behind extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.getHeaders().put("x-reached", "behind");
            Content.Sink.write(response, true, "behind", callback);
            return true;
        }
    }

    private RawClient client(BodyTerms terms) throws Exception {
        if (!server.isRunning()) {
            TollgateHandler handler = new TollgateHandler(gateway, terms);
            handler.setHandler(new Behind());
            server.setHandler(handler);
            server.start();
        }
        return new RawClient(connector.getLocalPort());
    }

    private RawClient client() throws Exception {
        return client(BodyTerms.DEFAULT);
    }

    private void sayLength(Exchange exchange, long max) {
        exchange.readBody(max)
                .handleAsync(
                        (body, failure) -> failure == null
                                ? answer(exchange, 200, "length " + body.length)
                                : answer(
                                        exchange,
                                        refusal(failure).status(),
                                        refusal(failure).code().id()),
                        reactor);
    }

    private static Refusal refusal(Throwable failure) {
        return (Refusal) (failure instanceof CompletionException ? failure.getCause() : failure);
    }

    private static boolean failed(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aBodyIsReadInPiecesAsFastAsTheyAreAskedFor() throws Exception {
        CompletableFuture<BodySource> opened = new CompletableFuture<>();
        gateway.doing(exchange -> {
            opened.complete(exchange.body(1 << 30));
            new PieceReader(opened.join(), reactor).upTo(1 << 20).start();
        });
        AtomicInteger sent = new AtomicInteger();
        byte[] piece = new byte[64 << 10];
        int size = 24 << 20;
        try (RawClient client = client()) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: " + size + "\r\n\r\n");
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                for (int at = 0; at < size; at += piece.length) {
                    client.send(piece);
                    sent.addAndGet(piece.length);
                }
            });
            int[] last = {-1};
            await().pollInterval(Duration.ofMillis(500)).until(() -> {
                boolean still = last[0] == sent.get() && last[0] > 0;
                last[0] = sent.get();
                return still;
            });
            assertThat(sent.get()).isLessThan(size);

            long rest = new PieceReader(opened.join(), reactor).start().whole().get(30, TimeUnit.SECONDS);
            assertThat(rest).isBetween(size - (1L << 20) - (64 << 10), size - (1L << 20));
            sending.join();
            answer(gateway.seen().get(0), 200, "done");
            assertThat(client.readAnswer().body()).isEqualTo("done");
        }
    }

    @Test
    void theRestOfABodyThatIsNotWantedIsThrownAway() throws Exception {
        gateway.doing(exchange -> {
            BodySource body = exchange.body(1 << 30);
            body.read()
                    .thenComposeAsync(first -> body.discard(), reactor)
                    .thenRunAsync(() -> answer(exchange, 422, "unwanted"), reactor);
        });
        byte[] megabyte = new byte[1 << 20];
        try (RawClient client = client()) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: " + (8 << 20) + "\r\n\r\n");
            for (int i = 0; i < 8; i++) {
                client.send(megabyte);
            }
            assertThat(client.readAnswer().status()).isEqualTo(422);
        }
    }

    @Test
    void onlyTheGatewaysPathsAreTheGateways() throws Exception {
        try (RawClient client = client()) {
            assertThat(client.get("/other").readAnswer().body()).isEqualTo("behind");
        }
        try (RawClient client = client()) {
            assertThat(client.get("/v1/models?a=b").readAnswer().body()).isEqualTo("ok");
        }
        assertThat(gateway.seen()).hasSize(1);
        assertThat(gateway.seen().get(0).target().query()).isEqualTo("a=b");
    }

    @Test
    void insideAContextPathsAreRelativeToIt() throws Exception {
        server.setHandler(new ContextHandler(new TollgateHandler(gateway), "/app"));
        server.start();
        try (RawClient client = client()) {
            assertThat(client.get("/app/v1/models").readAnswer().body()).isEqualTo("ok");
        }
        assertThat(gateway.seen().get(0).target().path()).isEqualTo("/v1/models");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/..;/v1/chat",
                "/v1/%2e%2e/v1/chat",
                "/v1/../v1/chat",
                "/v1/./chat",
                "//v1/chat",
                "/v1//chat",
                "/;/v1/chat",
                "/%761/chat",
                "/v1/%63hat",
                "/v1;x/chat",
                "/v1/chat;x",
                "/v1%2fchat",
                "/v1/chat%2f..%2fadmin",
                "/v1%5cchat",
                "/v1\\chat",
                "/v1/chat%00",
                "/v1/ch%c0%afat",
                "/v1/%252e%252e/chat",
                "/v1/chat%",
                "/V1/chat",
                "/v1/chat/../../admin",
                "/v1/chat;/../../admin",
                "/v1/..;/admin/keys",
                "/admin/../v1/chat",
                "http://other//v1/chat",
                "/admin;/../v1/chat"
            })
    void aSecondSpellingOfAPathIsRefusedOrIsNotTheGateways(String spelling) throws Exception {
        try (RawClient client = client()) {
            Answer answer = client.get(spelling).readAnswer();
            assertThat(gateway.seen()).isEmpty();
            assertThat(answer.status() == 400 || answer.head().contains("x-reached"))
                    .as(answer.text())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/meta%3Allama", "/v1/models/meta:llama"})
    void aColonInAModelsNameMayBeEncoded(String path) throws Exception {
        try (RawClient client = client()) {
            assertThat(client.get(path).readAnswer().body()).isEqualTo("ok");
            assertThat(gateway.seen().get(0).target().path()).isEqualTo("/v1/models/meta:llama");
        }
    }

    @Test
    void aBodyIsReadWholeAndTheConnectionKept() throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 1 << 20));
        try (RawClient client = client()) {
            assertThat(client.post("/v1/x", "a".repeat(300_000)).readAnswer().body())
                    .isEqualTo("length 300000");
            assertThat(client.post("/v1/x", "").readUntil("length 0", PATIENCE).text())
                    .endsWith("length 0");
        }
    }

    @Test
    void aBodyOfThirtyThreeMebibytesGetsItsAnswer() throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 32 << 20));
        byte[] megabyte = new byte[1 << 20];
        try (RawClient client = client()) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: " + (33 << 20) + "\r\n\r\n");
            for (int i = 0; i < 33; i++) {
                client.send(megabyte);
            }
            assertThat(client.readAnswer().status()).isEqualTo(413);
        }
    }

    @Test
    void aBodyThatStopsComingIsATimeoutOfTheCaller() throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 1 << 20));
        try (RawClient client = client(HURRIED)) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nabc");
            assertThat(client.readAnswer().body()).contains("caller_timeout");
        }
    }

    @Test
    void aBodyCutShortIsABadRequest() throws Exception {
        CompletableFuture<Refusal> seen = new CompletableFuture<>();
        gateway.doing(exchange -> exchange.readBody(1 << 20).whenComplete((body, failure) -> {
            seen.complete(failure == null ? null : refusal(failure));
            exchange.abort();
        }));
        try (RawClient client = client()) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nabc")
                    .shutdownOutput();
            assertThat(seen.get(10, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
        }
    }

    @Test
    void twoFramingsOfOneBodyAreNeverTwoRequests() throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 1 << 20));
        try (RawClient client = client()) {
            Answer answer = client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n")
                    .send("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/smuggled HTTP/1.1\r\nHost: t\r\n\r\n")
                    .readToEnd(PATIENCE);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.closed()).isTrue();
            assertThat(gateway.seen()).isEmpty();
        }
    }

    @Test
    void anEventIsVisibleAsSoonAsItIsWritten() throws Exception {
        CompletableFuture<Exchange> begun = new CompletableFuture<>();
        gateway.doing(exchange -> {
            beginStream(exchange);
            begun.complete(exchange);
        });
        try (RawClient client = client()) {
            client.post("/v1/x", "{}");
            Exchange exchange = begun.get(10, TimeUnit.SECONDS);
            for (int i = 0; i < 3; i++) {
                event(exchange, "number " + i).toCompletableFuture().get(10, TimeUnit.SECONDS);
                assertThat(client.readUntil("number " + i, PATIENCE).text()).contains("number " + i);
            }
            exchange.end().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(client.readUntil("0\r\n\r\n", PATIENCE).isWholeInChunks())
                    .isTrue();
        }
    }

    @Test
    void anAbortedStreamDoesNotLookWhole() throws Exception {
        gateway.doing(exchange -> {
            beginStream(exchange);
            event(exchange, "one").thenRunAsync(exchange::abort, reactor);
        });
        try (RawClient client = client()) {
            Answer answer = client.post("/v1/x", "{}").readToEnd(PATIENCE);
            assertThat(answer.text()).contains("data: one");
            assertThat(answer.isWholeInChunks()).isFalse();
            assertThat(answer.closed()).isTrue();
        }
    }

    @Test
    void anAbortedAnswerOfDeclaredLengthDoesNotLeaveTheClientWaiting() throws Exception {
        gateway.doing(exchange -> {
            exchange.head(200, List.of(new Header("content-length", "100")));
            exchange.write(ByteBuffer.wrap("half".getBytes(StandardCharsets.UTF_8)))
                    .thenRunAsync(exchange::abort, reactor);
        });
        try (RawClient client = client()) {
            assertThat(client.post("/v1/x", "{}").readToEnd(PATIENCE).closed()).isTrue();
        }
    }

    @Test
    void anExchangeAbortedBeforeItsFirstByteIsAServerError() throws Exception {
        gateway.doing(exchange -> reactor.execute(exchange::abort));
        try (RawClient client = client()) {
            assertThat(client.post("/v1/x", "{}").readAnswer().status()).isEqualTo(500);
        }
    }

    @Test
    void aClientThatLeavesInMidStreamIsNoticedByTheWritesAndToldOnce() throws Exception {
        AtomicInteger told = new AtomicInteger();
        CompletableFuture<Exchange> begun = new CompletableFuture<>();
        gateway.doing(exchange -> {
            exchange.onGone(cause -> told.incrementAndGet());
            beginStream(exchange);
            begun.complete(exchange);
        });
        RawClient client = client();
        client.post("/v1/x", "{}");
        Exchange exchange = begun.get(10, TimeUnit.SECONDS);
        event(exchange, "one").toCompletableFuture().get(10, TimeUnit.SECONDS);
        client.readUntil("one", PATIENCE);
        client.vanish();

        await().atMost(Duration.ofSeconds(10)).until(() -> failed(event(exchange, "more")));
        assertThat(failed(exchange.end())).isTrue();
        exchange.abort();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).hasValue(1));
    }

    @Test
    void aClientThatClosesInMidStreamIsNoticedByTheSecondWrite() throws Exception {
        AtomicInteger told = new AtomicInteger();
        CompletableFuture<Exchange> begun = new CompletableFuture<>();
        gateway.doing(exchange -> {
            exchange.onGone(cause -> told.incrementAndGet());
            beginStream(exchange);
            begun.complete(exchange);
        });
        RawClient client = client();
        client.post("/v1/x", "{}");
        Exchange exchange = begun.get(10, TimeUnit.SECONDS);
        event(exchange, "one").toCompletableFuture().get(10, TimeUnit.SECONDS);
        client.readUntil("one", PATIENCE);
        client.close();

        assertThat(failed(event(exchange, "two"))).isFalse();
        await().during(Duration.ofMillis(100)).until(() -> true);
        boolean refused = failed(event(exchange, "three"));
        await().atMost(PATIENCE).until(() -> refused || told.get() == 1);
    }

    @Test
    void nothingTouchesTheResponseAfterTheExchangeIsOver() throws Exception {
        CompletableFuture<Exchange> first = new CompletableFuture<>();
        gateway.doing(exchange -> {
            first.complete(exchange);
            answer(exchange, 200, "first");
        });
        try (RawClient client = client()) {
            client.post("/v1/x", "").readAnswer();
            gateway.doing(exchange -> {
                beginStream(exchange);
                event(exchange, "second")
                        .thenRunAsync(
                                () -> {
                                    assertThat(failed(event(first.join(), "stray")))
                                            .isTrue();
                                    first.join().head(500, List.of(new Header("x-stray", "1")));
                                    first.join().attribute("stray", "1");
                                    first.join().abort();
                                    event(exchange, "third").thenCompose(written -> exchange.end());
                                },
                                reactor);
            });
            Answer second = client.post("/v1/x", "").readUntil("0\r\n\r\n", PATIENCE);
            assertThat(second.text()).contains("second", "third").doesNotContain("stray");
            assertThat(second.isWholeInChunks()).isTrue();
        }
    }

    @Test
    void aReaderThatDoesNotReadHoldsTheWriterBack() throws Exception {
        CompletableFuture<Exchange> begun = new CompletableFuture<>();
        gateway.doing(exchange -> {
            beginStream(exchange);
            begun.complete(exchange);
        });
        try (RawClient client = client()) {
            client.post("/v1/x", "{}");
            Exchange exchange = begun.get(10, TimeUnit.SECONDS);
            CompletionStage<Void> last = CompletableFuture.completedFuture(null);
            for (long written = 0; isDoneSoon(last); written += 32 * 1024) {
                assertThat(written).isLessThan(64 << 20);
                last = exchange.write(ByteBuffer.wrap(new byte[32 * 1024]));
            }
            client.readUntil("\0never", Duration.ofMillis(500));
            last.toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private static boolean isDoneSoon(CompletionStage<?> stage) throws Exception {
        try {
            stage.toCompletableFuture().get(300, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Test
    void aStreamThatIsBrokenOffWhileItsReaderDoesNotReadEndsForTheReader() throws Exception {
        CompletableFuture<Exchange> begun = new CompletableFuture<>();
        gateway.doing(exchange -> {
            beginStream(exchange);
            begun.complete(exchange);
        });
        try (RawClient client = client()) {
            client.post("/v1/x", "{}");
            Exchange exchange = begun.get(10, TimeUnit.SECONDS);
            CompletionStage<Void> last = CompletableFuture.completedFuture(null);
            while (isDoneSoon(last)) {
                last = exchange.write(ByteBuffer.wrap(new byte[32 * 1024]));
            }
            exchange.abort();
            assertThat(failed(last)).isTrue();
            Answer answer = client.readToEnd(PATIENCE);
            assertThat(answer.closed()).isTrue();
            assertThat(answer.isWholeInChunks()).isFalse();
        }
    }

    @Test
    void aHandlerThatThrowsIsAServerErrorAndNotAHang() throws Exception {
        gateway.doing(exchange -> {
            throw new IllegalStateException("as the test wants it");
        });
        try (RawClient client = client()) {
            assertThat(client.post("/v1/x", "{}").readAnswer().status()).isEqualTo(500);
        }
    }
}
