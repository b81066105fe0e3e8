package dev.tollgate.servlet;

import static dev.tollgate.testing.FakeGateway.answer;
import static dev.tollgate.testing.FakeGateway.beginStream;
import static dev.tollgate.testing.FakeGateway.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.ErrorCode;
import dev.tollgate.Exchange;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.receive.BodyTerms;
import dev.tollgate.testing.FakeGateway;
import dev.tollgate.testing.RawClient;
import dev.tollgate.testing.RawClient.Answer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
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
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ServletExchangeTest {
    private static final Duration QUIET = Duration.ofMillis(400);
    private static final BodyTerms HURRIED =
            new BodyTerms(Duration.ofMillis(400), 1024, Duration.ofMillis(400), 64L << 20, Duration.ofMillis(400));

    private final FakeGateway gateway = new FakeGateway();
    private final ExecutorService reactor = Executors.newSingleThreadExecutor();
    private TestContainer container;

    @AfterEach
    void stop() throws Exception {
        reactor.shutdownNow();
        if (container != null) {
            container.close();
        }
    }

    private RawClient client(TestContainer.Kind kind) throws Exception {
        return client(kind, BodyTerms.DEFAULT);
    }

    private RawClient client(TestContainer.Kind kind, BodyTerms terms) throws Exception {
        if (container == null) {
            container = new TestContainer.App(kind)
                    .filter("tollgate", new TollgateFilter(gateway, terms))
                    .start();
        }
        return new RawClient(container.port());
    }

    /** Answers with the length of the body, or the code of what was wrong with it, from another thread. */
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

    @ParameterizedTest
    @EnumSource
    void aSessionIsKnownWhereItIsValidAndNoneIsBegun(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> answer(exchange, 200, "session " + exchange.sessionId()));
        Filter login = (request, response, chain) -> {
            if (((HttpServletRequest) request).getRequestURI().equals("/login")) {
                response.getWriter()
                        .print(((HttpServletRequest) request).getSession().getId());
            } else {
                chain.doFilter(request, response);
            }
        };
        container = new TestContainer.App(kind)
                .filter("login", login)
                .filter("tollgate", new TollgateFilter(gateway))
                .start();
        String id = ask("GET /login HTTP/1.1\r\nHost: t\r\n\r\n").body();
        String visit = "POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n%s\r\n";

        assertThat(ask(visit.formatted("Cookie: JSESSIONID=" + id + "\r\n")).body())
                .isEqualTo("session Optional[" + id + "]");
        assertThat(ask(visit.formatted("Cookie: JSESSIONID=invented\r\n")).body())
                .isEqualTo("session Optional.empty");
        assertThat(ask(visit.formatted("")).text())
                .endsWith("session Optional.empty")
                .doesNotContainIgnoringCase("set-cookie");
    }

    private Answer ask(String request) {
        try (RawClient client = new RawClient(container.port())) {
            return client.send(request).readAnswer();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyIsReadWholeAndTheConnectionKept(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 1 << 20));
        try (RawClient client = client(kind)) {
            assertThat(client.post("/v1/x", "a".repeat(300_000)).readAnswer().body())
                    .isEqualTo("length 300000");
            assertThat(client.post("/v1/x", "").readUntil("length 0", QUIET).text())
                    .endsWith("length 0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyInPiecesAndInChunksIsReadWhole(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 1 << 20));
        try (RawClient client = client(kind)) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                client.send("4\r\nabcd\r\n");
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(client.send("0\r\n\r\n").readAnswer().body()).isEqualTo("length 20");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyAskedForLaterFromAnotherThreadIsRead(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS, reactor)
                .execute(() -> sayLength(exchange, 1 << 20)));
        try (RawClient client = client(kind)) {
            assertThat(client.post("/v1/x", "a".repeat(100_000)).readAnswer().body())
                    .isEqualTo("length 100000");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyOfDeclaredSizeAboveTheCapGetsItsAnswerThoughTheClientSendsItAllFirst(TestContainer.Kind kind)
            throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 32 << 20));
        byte[] megabyte = new byte[1 << 20];
        try (RawClient client = client(kind)) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: " + (33 << 20) + "\r\n\r\n");
            for (int i = 0; i < 33; i++) {
                client.send(megabyte);
            }
            Answer answer = client.readAnswer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).contains("caller_too_large");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyInChunksAboveTheCapGetsItsAnswer(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 1 << 20));
        String chunk = "100000\r\n" + "x".repeat(1 << 20) + "\r\n";
        try (RawClient client = client(kind)) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 10; i++) {
                client.send(chunk);
            }
            assertThat(client.send("0\r\n\r\n").readAnswer().status()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalWhateverTheBodyReachesAClientThatIsStillSending(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> exchange.readBody(0).handle((body, tooLarge) -> answer(exchange, 401, "no")));
        byte[] megabyte = new byte[1 << 20];
        try (RawClient client = client(kind)) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: " + (5 << 20) + "\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                client.send(megabyte);
            }
            assertThat(client.readAnswer().status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatAsksBeforeItSendsItsBodyIsAnswered(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> answer(exchange, 401, "no"));
        try (RawClient client = client(kind)) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
            client.readUntil("100 ", QUIET);
            assertThat(client.send("123456789")
                            .readUntil(" 401 ", Duration.ofSeconds(5))
                            .text())
                    .contains("HTTP/1.1 401");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatStopsComingIsATimeoutOfTheCaller(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 1 << 20));
        try (RawClient client = client(kind, HURRIED)) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nabc");
            Answer answer = client.readAnswer();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.body()).contains("caller_timeout");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallerThatDripsItsBodyIsCutOffWithoutHoldingAThread(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 1 << 20));
        try (RawClient client = client(kind, HURRIED)) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n");
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        try {
                            client.send("a");
                            return client.readUntil("\0", Duration.ofMillis(1)).closed();
                        } catch (RuntimeException e) {
                            return true;
                        }
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyCutShortIsABadRequest(TestContainer.Kind kind) throws Exception {
        CompletableFuture<Refusal> seen = new CompletableFuture<>();
        gateway.doing(exchange -> exchange.readBody(1 << 20).whenComplete((body, failure) -> {
            seen.complete(failure == null ? null : refusal(failure));
            exchange.abort();
        }));
        try (RawClient client = client(kind)) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nabc")
                    .shutdownOutput();
            assertThat(seen.get(10, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEventIsVisibleAsSoonAsItIsWritten(TestContainer.Kind kind) throws Exception {
        CompletableFuture<Exchange> begun = new CompletableFuture<>();
        gateway.doing(exchange -> {
            beginStream(exchange);
            begun.complete(exchange);
        });
        try (RawClient client = client(kind)) {
            client.post("/v1/x", "{}");
            Exchange exchange = begun.get(10, TimeUnit.SECONDS);
            for (int i = 0; i < 3; i++) {
                event(exchange, "number " + i).toCompletableFuture().get(10, TimeUnit.SECONDS);
                assertThat(client.readUntil("number " + i, Duration.ofSeconds(5))
                                .text())
                        .contains("number " + i);
            }
            exchange.end().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(client.readUntil("0\r\n\r\n", Duration.ofSeconds(5)).isWholeInChunks())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAbortedStreamDoesNotLookWhole(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> {
            beginStream(exchange);
            event(exchange, "one").thenRunAsync(exchange::abort, reactor);
        });
        try (RawClient client = client(kind)) {
            Answer answer = client.post("/v1/x", "{}").readToEnd(Duration.ofSeconds(10));
            assertThat(answer.text()).contains("data: one");
            assertThat(answer.isWholeInChunks()).isFalse();
            assertThat(answer.closed()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAbortedAnswerOfDeclaredLengthDoesNotLeaveTheClientWaiting(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> {
            exchange.head(200, List.of(new Header("content-length", "100")));
            exchange.write(ByteBuffer.wrap("half".getBytes(StandardCharsets.UTF_8)))
                    .thenRunAsync(exchange::abort, reactor);
        });
        try (RawClient client = client(kind)) {
            Answer answer = client.post("/v1/x", "{}").readToEnd(Duration.ofSeconds(5));
            assertThat(answer.closed()).isTrue();
            assertThat(answer.isWholeInChunks()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExchangeAbortedBeforeItsFirstByteIsAServerError(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> reactor.execute(exchange::abort));
        try (RawClient client = client(kind)) {
            assertThat(client.post("/v1/x", "{}").readAnswer().status()).isBetween(500, 502);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatLeavesInMidStreamIsNoticedByTheWritesAndToldOnce(TestContainer.Kind kind) throws Exception {
        AtomicInteger told = new AtomicInteger();
        CompletableFuture<Exchange> begun = new CompletableFuture<>();
        gateway.doing(exchange -> {
            exchange.onGone(cause -> told.incrementAndGet());
            beginStream(exchange);
            begun.complete(exchange);
        });
        RawClient client = client(kind);
        client.post("/v1/x", "{}");
        Exchange exchange = begun.get(10, TimeUnit.SECONDS);
        event(exchange, "one").toCompletableFuture().get(10, TimeUnit.SECONDS);
        client.readUntil("one", Duration.ofSeconds(5));
        client.vanish();

        await().atMost(Duration.ofSeconds(10)).until(() -> failed(event(exchange, "more")));
        await().atMost(Duration.ofSeconds(5)).until(() -> told.get() > 0);
        assertThat(failed(exchange.end())).isTrue();
        exchange.abort();
        assertThat(told).hasValue(1);
        assertThat(answersOthers(kind)).isTrue();
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

    private boolean answersOthers(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> answer(exchange, 200, "fine"));
        try (RawClient client = client(kind)) {
            return client.post("/v1/x", "{}").readAnswer().body().contains("fine");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingTouchesTheResponseAfterTheExchangeIsOver(TestContainer.Kind kind) throws Exception {
        AtomicReference<Exchange> first = new AtomicReference<>();
        gateway.doing(exchange -> {
            first.set(exchange);
            answer(exchange, 200, "first");
        });
        try (RawClient client = client(kind)) {
            client.post("/v1/x", "").readAnswer();
            gateway.doing(exchange -> {
                beginStream(exchange);
                event(exchange, "second")
                        .thenRunAsync(
                                () -> {
                                    // The container may well have given the first exchange's response to this one.
                                    assertThat(failed(event(first.get(), "stray")))
                                            .isTrue();
                                    first.get().head(500, List.of(new Header("x-stray", "1")));
                                    first.get().attribute("stray", "1");
                                    first.get().abort();
                                    event(exchange, "third").thenCompose(written -> exchange.end());
                                },
                                reactor);
            });
            Answer second = client.post("/v1/x", "").readUntil("0\r\n\r\n", Duration.ofSeconds(5));
            assertThat(second.text()).contains("second", "third").doesNotContain("stray");
            assertThat(second.isWholeInChunks()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReaderThatDoesNotReadHoldsTheWriterBack(TestContainer.Kind kind) throws Exception {
        CompletableFuture<Exchange> begun = new CompletableFuture<>();
        gateway.doing(exchange -> {
            beginStream(exchange);
            begun.complete(exchange);
        });
        try (RawClient client = client(kind)) {
            client.post("/v1/x", "{}");
            Exchange exchange = begun.get(10, TimeUnit.SECONDS);
            CompletionStage<Void> last = null;
            long written = 0;
            for (boolean taken = true; taken; ) {
                last = exchange.write(ByteBuffer.wrap(new byte[32 * 1024]));
                written += 32 * 1024;
                taken = isDoneSoon(last);
                assertThat(written).isLessThan(64 << 20);
            }
            assertThat(last.toCompletableFuture()).isNotDone();
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

    @ParameterizedTest
    @EnumSource
    void aLongAnswerOfKnownLengthArrivesWholeAndIsKnownToHave(TestContainer.Kind kind) throws Exception {
        String text = "0123456789".repeat(200_000);
        AtomicInteger gone = new AtomicInteger();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        gateway.doing(exchange -> {
            exchange.onGone(cause -> gone.incrementAndGet());
            exchange.readBody(10)
                    .thenComposeAsync(body -> answer(exchange, 200, text), reactor)
                    .whenComplete((done, failure) -> {
                        if (failure == null) {
                            ended.complete(null);
                        } else {
                            ended.completeExceptionally(failure);
                        }
                    });
        });
        try (RawClient client = client(kind)) {
            Answer answer = client.post("/v1/x", "{}").readAnswer();
            assertThat(answer.head()).contains("content-length: 2000000");
            assertThat(answer.body()).isEqualTo(text);
            ended.get(10, TimeUnit.SECONDS);
            assertThat(gone).hasValue(0);
            assertThat(client.post("/v1/x", "{}").readUntil("\0", QUIET).text()).contains("789HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithoutABodyEnds(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> {
            exchange.head(204, List.of(new Header("x-one", "1")));
            exchange.end();
        });
        try (RawClient client = client(kind)) {
            Answer answer = client.get("/v1/x").readUntil("\r\n\r\n", Duration.ofSeconds(5));
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.head()).contains("x-one: 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoFramingsOfOneBodyAreNeverTwoRequests(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> sayLength(exchange, 1 << 20));
        try (RawClient client = client(kind)) {
            String first =
                    "POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
            String second = "GET /v1/smuggled HTTP/1.1\r\nHost: t\r\n\r\n";
            Answer answer = client.send(first + second).readToEnd(Duration.ofSeconds(2));
            assertThat(answer.closed()).isTrue();
            assertThat(gateway.seen()).hasSizeLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatThrowsIsAServerErrorAndNotAHang(TestContainer.Kind kind) throws Exception {
        gateway.doing(exchange -> {
            throw new IllegalStateException("as the test wants it");
        });
        try (RawClient client = client(kind)) {
            assertThat(client.post("/v1/x", "{}").readAnswer().status()).isEqualTo(500);
        }
    }
}
