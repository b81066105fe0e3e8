package dev.tollgate.servlet;

import static dev.tollgate.testing.FakeGateway.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.BodySource;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.receive.BodyTerms;
import dev.tollgate.testing.FakeGateway;
import dev.tollgate.testing.PieceReader;
import dev.tollgate.testing.RawClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that are read piece by piece, in both containers, with and without their asynchronous mode. */
@Timeout(60)
class BodyInPiecesTest {
    private static final int SIZE = 24 << 20;
    private static final BodyTerms HURRIED =
            new BodyTerms(Duration.ofMillis(900), 1024, Duration.ofMillis(900), 64L << 20, Duration.ofMillis(900));

    private final FakeGateway gateway = new FakeGateway();
    private final ExecutorService reactor = Executors.newSingleThreadExecutor();
    private final ExecutorService sending = Executors.newSingleThreadExecutor();
    private final CompletableFuture<BodySource> opened = new CompletableFuture<>();
    private final AtomicLong sent = new AtomicLong();
    private TestContainer container;

    @AfterEach
    void stop() {
        reactor.shutdownNow();
        sending.shutdownNow();
        container.close();
    }

    private RawClient client(TestContainer.Kind kind, boolean async, BodyTerms terms) throws Exception {
        container = new TestContainer.App(kind)
                .filter("tollgate", new TollgateFilter(gateway, terms), async, Map.of())
                .start();
        return new RawClient(container.port());
    }

    private void sendBody(RawClient client, int declared, int size) {
        client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nContent-Length: " + declared + "\r\n\r\n");
        sending.execute(() -> {
            byte[] piece = new byte[64 << 10];
            for (int at = 0; at < size; at += piece.length) {
                client.send(piece);
                sent.addAndGet(piece.length);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ',',
            value = {"TOMCAT,true", "TOMCAT,false", "JETTY,true", "JETTY,false"})
    void whatIsNotAskedForStaysWithTheCaller(TestContainer.Kind kind, boolean async) throws Exception {
        gateway.doing(exchange -> {
            BodySource body = exchange.body(1 << 30);
            opened.complete(body);
            new PieceReader(body, reactor).upTo(1 << 20).start();
        });
        try (RawClient client = client(kind, async, HURRIED)) {
            sendBody(client, SIZE, SIZE);
            long[] last = {-1};
            await().pollInterval(Duration.ofSeconds(1)).until(() -> {
                boolean still = last[0] == sent.get() && last[0] > 0;
                last[0] = sent.get();
                return still;
            });
            assertThat(sent.get()).isLessThan(SIZE);

            // Longer than a caller may be silent: but it is not the caller who is waited for.
            PieceReader rest = new PieceReader(opened.join(), reactor).start();
            long whole = rest.whole().get(30, TimeUnit.SECONDS);
            assertThat(whole).isBetween(SIZE - (1L << 20) - (64 << 10), (long) SIZE - (1 << 20));
            assertThat(rest.largest()).isLessThanOrEqualTo(64 << 10);
            answer(gateway.seen().get(0), 200, "done");
            assertThat(client.readAnswer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ',',
            value = {"TOMCAT,true", "TOMCAT,false", "JETTY,true", "JETTY,false"})
    void whatIsDiscardedDoesNotKeepTheCallerFromReadingItsAnswer(TestContainer.Kind kind, boolean async)
            throws Exception {
        gateway.doing(exchange -> {
            BodySource body = exchange.body(1 << 30);
            body.read()
                    .thenComposeAsync(piece -> body.discard(), reactor)
                    .thenRunAsync(() -> answer(exchange, 422, "unwanted"), reactor);
        });
        try (RawClient client = client(kind, async, BodyTerms.DEFAULT)) {
            sendBody(client, SIZE, SIZE);
            assertThat(client.readAnswer().status()).isEqualTo(422);
            await().until(() -> sent.get() == SIZE);
            gateway.doing(exchange -> answer(exchange, 200, "again"));
            assertThat(client.forget().post("/v1/x", "").readAnswer().body()).isEqualTo("again");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ',',
            value = {"TOMCAT,true", "TOMCAT,false", "JETTY,true", "JETTY,false"})
    void aBodyThatIsCutOrStopsIsRefusedAndSoIsOneThatIsTooLarge(TestContainer.Kind kind, boolean async)
            throws Exception {
        CompletableFuture<PieceReader> reading = new CompletableFuture<>();
        gateway.doing(exchange -> reading.complete(new PieceReader(exchange.body(1 << 20), reactor).start()));
        try (RawClient client = client(kind, async, HURRIED)) {
            sendBody(client, 100_000, 0);
            if (async) { // what blocks in the container waits as long as the container lets it
                assertThat(codeOf(reading)).isEqualTo(ErrorCode.CALLER_TIMEOUT);
            } else {
                client.shutdownOutput();
                assertThat(codeOf(reading)).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
            }
        }
        CompletableFuture<PieceReader> next = new CompletableFuture<>();
        gateway.doing(exchange -> next.complete(new PieceReader(exchange.body(1 << 20), reactor).start()));
        try (RawClient client = new RawClient(container.port())) {
            sendBody(client, 2 << 20, 0);
            assertThat(codeOf(next)).isEqualTo(ErrorCode.CALLER_TOO_LARGE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ',',
            value = {"TOMCAT,true", "JETTY,true"})
    void aReaderIsToldWhenItsCallerLeaves(TestContainer.Kind kind, boolean async) throws Exception {
        CompletableFuture<PieceReader> reading = new CompletableFuture<>();
        gateway.doing(exchange -> reading.complete(new PieceReader(exchange.body(1 << 30), reactor).start()));
        try (RawClient client = client(kind, async, BodyTerms.DEFAULT)) {
            sendBody(client, SIZE, 1 << 20);
            await().until(() -> reading.isDone() && reading.join().bytes() == 1 << 20);
            client.vanish();
            assertThat(codeOf(reading)).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
        }
    }

    private static ErrorCode codeOf(CompletableFuture<PieceReader> reading) throws Exception {
        CompletableFuture<Long> whole = reading.get(10, TimeUnit.SECONDS).whole();
        await().atMost(Duration.ofSeconds(20)).until(whole::isDone);
        return whole.handle((size, failure) -> ((Refusal) failure).code()).join();
    }
}
