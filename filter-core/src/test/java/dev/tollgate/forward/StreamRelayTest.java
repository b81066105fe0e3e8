package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Peer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamRelayTest extends ForwardingBase {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String DONE = "[DONE]";

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    private static Peer hello(Peer peer) throws IOException {
        return peer.stream().data(ROLE).data(delta("hel")).data(delta("lo"));
    }

    private static String helloText() {
        return event(ROLE) + event(delta("hel")) + event(delta("lo"));
    }

    // --- whole streams

    @Test
    void aStreamGoesBackByteForByteAndEnds() {
        first.then(peer -> hello(peer).data(STOP).data(DONE).endChunks());
        Call call = fixture().streamed().call();
        answered(run(call));
        assertThat(exchange.text()).isEqualTo(helloText() + event(STOP) + event(DONE));
        assertThat(exchange.isEnded()).isTrue();
        assertThat(exchange.isAborted()).isFalse();
        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.answerHeader("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(exchange.answerHeader("cache-control")).contains("no-cache, no-transform");
        assertThat(exchange.answerHeader("x-accel-buffering")).contains("no");
        assertThat(exchange.answerHeader("content-length")).isEmpty();
        assertThat(exchange.answerHeader("x-tollgate-cost")).isEmpty();
    }

    @Test
    void theConnectionOfAWholeStreamIsUsedAgain() {
        first.always(peer -> hello(peer).data(STOP).data(DONE).endChunks());
        answered(run(fixture().streamed().call()));
        await().until(() -> http.inUse() == 0);
        var again = new FakeExchange();
        answered(run(new CallFixture(again, dialects.get("openai-chat"))
                .to(provider("one", first))
                .streamed()
                .call()));
        assertThat(first.requests()).hasSize(2);
        assertThat(first.connections()).isEqualTo(1);
    }

    @Test
    void usageThatTheCallerDidNotAskForIsCountedAndNotShown() {
        first.then(peer -> hello(peer).data(STOP).data(USAGE).data(DONE).endChunks());
        Call call = fixture().streamed().call();
        answered(run(call));
        assertThat(first.lastRequest().text()).contains("include_usage");
        assertThat(exchange.text()).doesNotContain("prompt_tokens");
        CallRecord record = CallFixture.record(call);
        assertThat(record.usage().input()).isEqualTo(7);
        assertThat(record.usage().output()).isEqualTo(3);
        assertThat(record.estimated()).isFalse();
    }

    @Test
    void aStreamInOnePieceAndOneInSingleBytesComeOutAlike() {
        String body = helloText() + event(STOP) + event(DONE);
        first.then(peer -> {
            peer.head(200, "Content-Type: text/event-stream");
            peer.drip(body).close();
        });
        answered(run(fixture().streamed().call()));
        assertThat(exchange.text()).isEqualTo(body);
    }

    @Test
    void aStreamIsShownEventByEventAndNotAtItsEnd() {
        first.then(peer -> hello(peer).await(gate).data(STOP).data(DONE).endChunks());
        CompletableFuture<Void> outcome = run(fixture().streamed().call());
        await().until(() -> exchange.text().equals(helloText()));
        assertThat(outcome).isNotDone();
        gate.countDown();
        answered(outcome);
    }

    @Test
    void afterTheMarkOfTheEndACutConnectionIsNoFailure() {
        first.then(peer -> {
            hello(peer).data(STOP).data(DONE);
            peer.await(gate).close();
        });
        CompletableFuture<Void> outcome = run(fixture().streamed().call());
        await().until(() -> exchange.text().endsWith(event(DONE)));
        gate.countDown();
        answered(outcome);
        assertThat(exchange.isEnded()).isTrue();
    }

    // --- before the first content another target may answer

    static Stream<Arguments> badBeginnings() {
        return Stream.of(
                script("an error first", peer -> {
                    peer.stream().data(ERROR.formatted("overloaded", "server_error"));
                    peer.untilClosed();
                }),
                script("an error after the role", peer -> {
                    peer.stream().data(ROLE).data(ERROR.formatted("oops", "server_error"));
                    peer.untilClosed();
                }),
                script("nothing", peer -> peer.stream().endChunks()),
                script("the role alone", peer -> peer.stream().data(ROLE).endChunks()),
                script(
                        "a comment alone",
                        peer -> peer.stream().chunk(": hi\n\n").endChunks()),
                script("a cut after the role", peer -> {
                    peer.stream().data(ROLE);
                    peer.close();
                }),
                script("JSON instead", peer -> peer.json(200, WHOLE)),
                script("HTML instead", peer -> peer.answer(200, "text/html", "<html>")),
                script("an endless event", peer -> {
                    peer.stream();
                    String part = "x".repeat(64 * 1024);
                    peer.chunk("data: " + part);
                    while (true) {
                        peer.chunk(part);
                    }
                }),
                script("a head and silence", peer -> {
                    peer.stream();
                    peer.untilClosed();
                }));
    }

    private static Arguments script(String name, FakeUpstream.Script script) {
        return Arguments.of(name, script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badBeginnings")
    void aStreamThatBeginsBadlyIsReplacedByTheNext(String name, FakeUpstream.Script script) {
        first.always(script);
        second.always(peer -> hello(peer).data(STOP).data(DONE).endChunks());
        Call call = fixture()
                .streamed()
                .timeouts(LONG, Duration.ofMillis(1_500), LONG, LONG)
                .call();
        answered(run(call));
        assertThat(exchange.text()).isEqualTo(helloText() + event(STOP) + event(DONE));
        assertThat(call.account().attempts()).hasSize(2);
        assertThat(first.requests()).hasSize(1);
    }

    @Test
    void nothingIsSentToTheCallerBeforeTheFirstContent() {
        first.then(peer -> peer.stream()
                .data(ROLE)
                .await(gate)
                .data(delta("x"))
                .data(STOP)
                .data(DONE)
                .endChunks());
        CompletableFuture<Void> outcome = run(fixture().streamed().call());
        await().until(() -> first.playing() == 1);
        await().during(Duration.ofMillis(200)).until(() -> exchange.status() == 0);
        gate.countDown();
        answered(outcome);
    }

    @Test
    void aStreamThatHasBegunButSaysNothingIsShownWhenItHasBeenHeldLongEnough() {
        first.then(peer -> peer.stream()
                .data(ROLE)
                .await(gate)
                .data(delta("x"))
                .data(STOP)
                .data(DONE)
                .endChunks());
        CompletableFuture<Void> outcome = run(fixture()
                .streamed()
                .timeouts(LONG, LONG, LONG, LONG)
                .hold(Duration.ofMillis(300))
                .call());
        await().until(() -> exchange.text().equals(event(ROLE)));
        gate.countDown();
        answered(outcome);
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void aLongBeginningWithoutContentDoesNotWaitForEver() {
        String comment = ": " + "x".repeat(1_000) + "\n\n";
        first.then(peer -> {
            peer.stream();
            for (int i = 0; i < 200; i++) {
                peer.chunk(comment);
            }
            peer.data(delta("x")).data(STOP).data(DONE).endChunks();
        });
        answered(run(fixture().streamed().call()));
        assertThat(exchange.text()).endsWith(event(delta("x")) + event(STOP) + event(DONE));
    }

    // --- after the first content the caller is told, and nothing is tried again

    static Stream<Arguments> breaks() {
        return Stream.of(
                script("a FIN", Peer::close),
                script("a RST", Peer::reset),
                script("a proper end", Peer::endChunks),
                script("half an event and a FIN", peer -> {
                    peer.chunk("data: {\"choices\":[{\"del");
                    peer.close();
                }),
                script("a broken chunk", peer -> {
                    peer.raw("zz\r\n");
                    peer.untilClosed();
                }),
                script("an endless event", peer -> {
                    peer.chunk("data: ");
                    String part = "x".repeat(64 * 1024);
                    while (true) {
                        peer.chunk(part);
                    }
                }),
                script("silence", Peer::untilClosed));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaks")
    void aStreamThatBreaksOffEndsInAnErrorAndNoMarkOfSuccess(String name, FakeUpstream.Script end) {
        first.then(peer -> {
            hello(peer).await(gate);
            end.play(peer);
        });
        second.always(peer -> peer.json(200, WHOLE));
        Call call = fixture()
                .streamed()
                .timeouts(LONG, LONG, Duration.ofMillis(800), LONG)
                .call();
        CompletableFuture<Void> outcome = run(call);
        await().until(() -> exchange.text().equals(helloText()));
        gate.countDown();
        Refusal refusal = refusalOf(outcome);
        assertThat(refusal.code()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
        String rest = exchange.text().substring(helloText().length());
        assertThat(rest)
                .startsWith("data: {\"error\":{\"message\":")
                .endsWith("}\n\n")
                .doesNotContain("127.0.0.1");
        assertThat(exchange.text()).doesNotContain(DONE).doesNotContain("\"stop\"");
        assertThat(exchange.isEnded()).isTrue();
        assertThat(second.requests()).isEmpty();
        assertThat(first.requests()).hasSize(1);
        CallRecord record = CallFixture.record(call);
        assertThat(record.estimated()).isTrue();
        assertThat(record.usage().output()).isEqualTo(2);
        assertThat(record.usage().input()).isPositive();
    }

    @Test
    void theProvidersErrorInTheMiddleOfAStreamGoesBackAsItIsAndEndsIt() {
        String error = ERROR.formatted("the model has crashed", "server_error");
        first.then(peer -> {
            hello(peer).await(gate).data(error).data(delta("more")).data(DONE);
            peer.untilClosed();
        });
        CompletableFuture<Void> outcome = run(fixture().streamed().call());
        await().until(() -> exchange.text().equals(helloText()));
        gate.countDown();
        assertThat(refusalOf(outcome).code().isProviders()).isTrue();
        assertThat(exchange.text()).isEqualTo(helloText() + event(error));
        assertThat(exchange.isEnded()).isTrue();
        await().atMost(Duration.ofSeconds(1)).until(() -> first.closedByClient() == 1);
    }

    @Test
    void theWholeTimeEndsAStreamThatNeverStops() {
        first.then(peer -> {
            hello(peer);
            while (true) {
                peer.data(delta("x"));
                peer.drip("1\r\n:\r\n1\r\n\n\r\n1\r\n\n\r\n");
            }
        });
        Call call = fixture()
                .streamed()
                .timeouts(LONG, LONG, LONG, Duration.ofMillis(900))
                .call();
        Refusal refusal = refusalOf(run(call));
        assertThat(refusal.code()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
        assertThat(exchange.text()).endsWith("}\n\n").contains("\"error\"").doesNotContain(DONE);
    }

    // --- signs of life

    @Test
    void aQuietStreamIsSentSignsOfLifeWhichDoNotKeepADeadProviderAlive() {
        first.then(peer -> {
            hello(peer);
            peer.untilClosed();
        });
        Call call = fixture()
                .streamed()
                .heartbeat(Duration.ofMillis(100))
                .timeouts(LONG, LONG, Duration.ofMillis(1_000), LONG)
                .call();
        refusalOf(run(call));
        String rest = exchange.text().substring(helloText().length());
        assertThat(rest.split(":\n\n", -1).length - 1).isBetween(4, 10);
        assertThat(rest).contains("\"error\"");
    }

    @Test
    void aBusyStreamIsSentNoSignsOfLife() {
        first.then(peer -> {
            hello(peer);
            for (int i = 0; i < 40; i++) {
                peer.drip("6\r\ndata: \r\n").chunk(delta("x") + "\n\n");
            }
            peer.data(STOP).data(DONE).endChunks();
        });
        answered(run(fixture().streamed().heartbeat(Duration.ofMillis(300)).call()));
        assertThat(exchange.text()).doesNotContain(":\n\n");
    }

    // --- the caller

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallerWhoLeavesEndsTheProvidersStreamAtTheNextEvent(boolean told) {
        first.then(peer -> {
            hello(peer).await(gate).data(delta("unread"));
            peer.untilClosed();
        });
        Call call = fixture().streamed().call();
        CompletableFuture<Void> outcome = run(call);
        await().until(() -> exchange.text().equals(helloText()));
        exchange.leave(told);
        gate.countDown();
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.CALLER_CANCELLED);
        await().atMost(Duration.ofSeconds(1)).until(() -> first.closedByClient() == 1);
        CallRecord record = CallFixture.record(call);
        assertThat(record.estimated()).isTrue();
        assertThat(record.usage().output()).isBetween(2L, 4L);
    }

    @Test
    void aCallerWhoLeavesWithTheWholeAnswerHasBeenAnswered() {
        first.then(peer -> {
            hello(peer).data(STOP).data(USAGE).data(DONE);
            peer.untilClosed();
        });
        Call call = fixture().streamed().call();
        CompletableFuture<Void> outcome = run(call);
        await().until(() -> exchange.text().endsWith("data: [DONE]\n\n"));
        exchange.leave(true);
        answered(outcome);
        assertThat(CallFixture.record(call).estimated()).isFalse();
        await().atMost(Duration.ofSeconds(1)).until(() -> first.closedByClient() == 1);
    }

    @Test
    void aCallerWhoHasLeftIsNoticedByASignOfLife() {
        first.then(peer -> {
            hello(peer);
            peer.untilClosed();
        });
        CompletableFuture<Void> outcome =
                run(fixture().streamed().heartbeat(Duration.ofMillis(200)).call());
        await().until(() -> exchange.text().startsWith(helloText()));
        exchange.leave(false);
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.CALLER_CANCELLED);
        await().atMost(Duration.ofSeconds(1)).until(() -> first.closedByClient() == 1);
    }

    @Test
    void aCallerWhoLeavesDuringAWriteEndsTheProvidersStream() {
        first.then(peer -> {
            hello(peer);
            peer.untilClosed();
        });
        exchange.stall();
        CompletableFuture<Void> outcome = run(fixture().streamed().call());
        await().until(exchange::isWriting);
        exchange.leave(false);
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.CALLER_CANCELLED);
        await().atMost(Duration.ofSeconds(1)).until(() -> first.closedByClient() == 1);
    }

    @Test
    void aCallerWhoNeverReadsIsGivenUp() {
        first.then(peer -> {
            hello(peer);
            peer.untilClosed();
        });
        exchange.stall();
        CompletableFuture<Void> outcome = run(fixture()
                .streamed()
                .timeouts(LONG, LONG, Duration.ofMillis(500), LONG)
                .call());
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.CALLER_CANCELLED);
        assertThat(exchange.isAborted()).isTrue();
        await().atMost(Duration.ofSeconds(1)).until(() -> first.closedByClient() == 1);
    }

    @Test
    void aSlowCallerSlowsTheProviderAndLosesNothing() {
        AtomicLong received = new AtomicLong();
        String block = event(delta("x".repeat(2_000)));
        int blocks = 16_000;
        first.then(peer -> {
            hello(peer);
            for (int i = 0; i < blocks; i++) {
                peer.chunk(block);
                if (i < 100) {
                    // The client takes what a socket holds at once, whatever its window: only gaps let the window
                    // count.
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
                }
            }
            peer.data(STOP).data(DONE).endChunks();
        });
        exchange.stall();
        CompletableFuture<Void> outcome =
                run(over(counting(received)), fixture().streamed().call());
        await().until(exchange::isWriting);
        for (int i = 0; i < 5; i++) {
            exchange.take();
            await().until(exchange::isWriting);
        }
        AtomicLong last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300)).until(() -> last.getAndSet(received.get()) == received.get());
        assertThat(received.get()).as("what sockets hold not counted").isLessThan(256 * 1024);
        exchange.resume();
        answered(outcome);
        assertThat((long) exchange.bytes().length)
                .isEqualTo((helloText() + event(STOP) + event(DONE)).length() + (long) blocks * block.length());
    }

    @Test
    void smallEventsAreWrittenTogetherWhileTheCallerIsBusy() {
        first.then(peer -> {
            hello(peer).await(gate);
            for (int i = 0; i < 100; i++) {
                peer.data(delta("x"));
            }
            peer.data(STOP).data(DONE).endChunks();
        });
        exchange.stall();
        CompletableFuture<Void> outcome = run(fixture().streamed().call());
        await().until(exchange::isWriting);
        gate.countDown();
        await().until(() -> first.playing() == 0);
        await().during(Duration.ofMillis(100)).until(() -> true);
        exchange.resume();
        answered(outcome);
        assertThat(exchange.writes().size()).isLessThan(10);
        assertThat(exchange.writes()).allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(20 * 1024));
    }

    @Test
    void anEventLargerThanTheWindowGetsThrough() {
        String large = event(delta("y".repeat(300_000)));
        first.then(peer -> hello(peer).chunk(large).data(STOP).data(DONE).endChunks());
        answered(run(fixture().streamed().call()));
        assertThat(exchange.text()).isEqualTo(helloText() + large + event(STOP) + event(DONE));
    }

    @Test
    void aFirstEventLargerThanTheWindowGetsThrough() {
        String large = event(delta("y".repeat(300_000)));
        first.then(peer -> peer.stream().chunk(large).data(STOP).data(DONE).endChunks());
        answered(run(fixture().streamed().call()));
        assertThat(exchange.text()).isEqualTo(large + event(STOP) + event(DONE));
    }

    @Test
    void callersLeavingAtAnyMomentLeaveNothingBehind() {
        first.always(peer -> hello(peer).data(delta("x")).data(STOP).data(DONE).endChunks());
        second.always(peer -> hello(peer).data(STOP).data(DONE).endChunks());
        for (int i = 0; i < 300; i++) {
            var caller = new FakeExchange();
            if (i % 3 == 0) {
                caller.stall();
            }
            Call call = new CallFixture(caller, dialects.get("openai-chat"))
                    .to(provider("one", first), provider("two", second))
                    .streamed()
                    .call();
            CompletableFuture<Void> outcome = run(call);
            long start = System.nanoTime();
            while (System.nanoTime() - start < i * 5_000L) {
                Thread.onSpinWait();
            }
            caller.leave(true);
            await().pollInterval(Duration.ofMillis(1)).until(outcome::isDone);
            assertThat(caller.fault()).isEmpty();
        }
    }

    private Forwarder over(Upstreams upstreams) {
        return new Forwarder(new Forwarder.Parts(
                upstreams,
                Translator.between(dialects::get),
                new AnswerHeaders(InstantSource.fixed(NOW)),
                authorizer,
                timers,
                InstantSource.fixed(NOW),
                "9.9"));
    }

    /** The upstreams, with a count of the bytes of answers that the gateway has taken from them. */
    private Upstreams counting(AtomicLong received) {
        return new Upstreams() {
            @Override
            public Flight send(UpstreamRequest request, UpstreamListener listener) {
                return http.send(request, new UpstreamListener() {
                    @Override
                    public void head(int status, List<Header> headers) {
                        listener.head(status, headers);
                    }

                    @Override
                    public void data(ByteBuffer bytes) {
                        received.addAndGet(bytes.remaining());
                        listener.data(bytes);
                    }

                    @Override
                    public void end() {
                        listener.end();
                    }

                    @Override
                    public void failed(UpstreamFailure failure) {
                        listener.failed(failure);
                    }
                });
            }

            @Override
            public void close() {}
        };
    }
}
