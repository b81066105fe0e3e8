package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.ledger.Entry;
import dev.tollgate.limit.Amount;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.price.Prices;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.CountingLimits.Grant;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Peer;
import dev.tollgate.testing.Talk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** After every way out of a call what it reserved has been settled once, and the ledger is what the provider says it was. */
class SettlingTest {
    private static final long PRICE = 1_000;
    private static final long BILLED = (Talk.INPUT + Talk.OUTPUT) * PRICE;

    private final FakeUpstream first = new FakeUpstream();
    private final FakeUpstream second = new FakeUpstream();
    private final OpenGateway opened = new OpenGateway();
    private final CountDownLatch gate = new CountDownLatch(1);
    /** What the fake provider wants to be paid for answers that it gave whole. */
    private final AtomicLong invoice = new AtomicLong();

    private Talk talk = Talk.OPENAI;
    private boolean stream;

    /** How a call ends. */
    enum WayOut {
        ANSWERED,
        FAILED,
        FALLEN_BACK,
        TIMED_OUT,
        TIMED_OUT_AND_FALLEN_BACK,
        CUT,
        GARBAGE,
        BROKEN_BY_PROVIDER,
        UNREACHABLE,
        LEFT_BEFORE,
        LEFT_AMID,
        REFUSED,
        PROVIDER_SPENT,
        FAULTY,
        SHUT_DOWN,
        UNWRITTEN
    }

    @AfterEach
    void close() {
        gate.countDown();
        opened.close();
        first.close();
        second.close();
    }

    static Stream<Arguments> everyWay() {
        return Arrays.stream(WayOut.values())
                .flatMap(out -> Arrays.stream(Talk.values())
                        .flatMap(talk -> Stream.of(Arguments.of(out, talk, false), Arguments.of(out, talk, true))));
    }

    @ParameterizedTest(name = "{0} {1} streamed: {2}")
    @MethodSource("everyWay")
    void whateverBecomesOfACallItIsSettledOnce(WayOut out, Talk which, boolean streamed) throws Exception {
        talk = which;
        stream = streamed;
        opened.to(talk.provider("one", first), talk.provider("two", second));
        if (out == WayOut.TIMED_OUT || out == WayOut.TIMED_OUT_AND_FALLEN_BACK) {
            opened.firstByteWithin(Duration.ofMillis(300));
        }
        FakeExchange caller = exchange();

        play(out, caller);

        await().untilAsserted(() -> assertThat(opened.records()).hasSize(1));
        await().untilAsserted(() -> assertThat(opened.limits().isEven()).isTrue());
        audit(out);
        assertThat(caller.fault()).isEmpty();
    }

    private void play(WayOut out, FakeExchange caller) throws Exception {
        switch (out) {
            case ANSWERED -> {
                first.always(this::answer);
                handle(caller);
            }
            case FAILED -> {
                first.always(peer -> peer.json(500, "{}"));
                second.always(peer -> peer.json(429, "{}"));
                handle(caller);
            }
            case FALLEN_BACK -> {
                first.always(peer -> peer.json(503, "{}"));
                second.always(this::answer);
                handle(caller);
            }
            case TIMED_OUT -> {
                first.always(Peer::untilClosed);
                second.always(Peer::untilClosed);
                handle(caller);
            }
            case TIMED_OUT_AND_FALLEN_BACK -> {
                first.always(Peer::untilClosed);
                second.always(this::answer);
                handle(caller);
            }
            case CUT -> {
                first.always(this::cut);
                second.always(this::cut);
                begin(caller);
                goOnOnceSeen(caller);
            }
            case GARBAGE -> {
                first.always(peer -> peer.json(200, "{\"weather\":\"nice\"}"));
                second.always(peer -> peer.json(200, "<html>"));
                handle(caller);
            }
            case BROKEN_BY_PROVIDER -> {
                first.always(this::breakOff);
                second.always(this::breakOff);
                begin(caller);
                goOnOnceSeen(caller);
            }
            case UNREACHABLE -> {
                first.close();
                second.close();
                handle(caller);
            }
            case LEFT_BEFORE -> {
                first.always(Peer::untilClosed);
                begin(caller);
                await().until(() -> first.playing() == 1);
                caller.leave(true);
            }
            case LEFT_AMID -> {
                first.always(peer -> begin(peer).await(gate));
                begin(caller);
                await().until(() -> stream ? caller.bytes().length > 0 : first.playing() == 1);
                caller.leave(true);
            }
            case REFUSED -> {
                opened.limits().budget(1);
                handle(caller);
            }
            case PROVIDER_SPENT -> {
                opened.limits().spent("one");
                second.always(this::answer);
                handle(caller);
            }
            case FAULTY -> {
                first.always(this::answer);
                opened.open().handle(faulty(caller));
                await().until(caller::isAborted);
            }
            case SHUT_DOWN -> {
                first.always(peer -> begin(peer).await(gate));
                begin(caller);
                await().until(() -> stream ? caller.bytes().length > 0 : first.playing() == 1);
                opened.close();
            }
            case UNWRITTEN -> {
                first.always(this::answer);
                opened.ledger().failing();
                handle(caller);
            }
        }
    }

    private void audit(WayOut out) {
        List<Entry.Started> started = opened.ledger().rows(Entry.Started.class);
        List<Entry.Ended> ended = opened.ledger().rows(Entry.Ended.class);
        List<Entry.Called> called = opened.ledger().rows(Entry.Called.class);
        CallRecord record = opened.records().get(0);

        assertThat(ended).extracting(Entry.Ended::id).doesNotHaveDuplicates();
        assertThat(ended)
                .extracting(Entry.Ended::id)
                .containsExactlyElementsOf(
                        started.stream().map(Entry.Started::id).toList());
        assertThat(called).hasSize(ended.isEmpty() ? 0 : 1);
        assertThat(record.attempts()).hasSameSizeAs(ended);
        called.forEach(
                row -> assertThat(row.costNanoUsd()).hasValue(opened.ledger().charged()));
        assertThat(opened.limits().charged()).isEqualTo(opened.ledger().charged());
        assertThat(record.costNanoUsd().orElse(0)).isEqualTo(opened.ledger().charged());
        if (out != WayOut.FAULTY || !stream) { // there the fault may come before the provider's own count
            assertThat(reported(ended)).isEqualTo(invoice.get());
        }
        assertThat(opened.limits().attempts())
                .filteredOn(each -> each.used() != null)
                .hasSameSizeAs(ended);
        if (out != WayOut.SHUT_DOWN) {
            assertThat(charged(ended)).as("the attempts that cost something").isEqualTo(costly(out));
        }
        assertThat(record.error() == null)
                .isEqualTo(invoice.get() > 0 && out != WayOut.FAULTY && out != WayOut.UNWRITTEN);
    }

    private static long reported(List<Entry.Ended> ended) {
        return ended.stream()
                .filter(row -> !row.estimated())
                .mapToLong(row -> row.costNanoUsd().orElseThrow())
                .sum();
    }

    private static long charged(List<Entry.Ended> ended) {
        return ended.stream().filter(row -> row.costNanoUsd().orElseThrow() > 0).count();
    }

    /** How many attempts are to cost something: those that the provider has answered, or may have. */
    private int costly(WayOut out) {
        return switch (out) {
            case FAILED, UNREACHABLE, REFUSED -> 0;
            case TIMED_OUT, TIMED_OUT_AND_FALLEN_BACK, GARBAGE -> 2;
            case CUT -> stream ? 1 : 2; // what has begun to flow is not asked for again
            case BROKEN_BY_PROVIDER -> stream ? 1 : 0;
            default -> 1;
        };
    }

    // --- the last of an answer

    static Stream<Arguments> everyTalk() {
        return Arrays.stream(Talk.values())
                .flatMap(talk -> Stream.of(Arguments.of(talk, false), Arguments.of(talk, true)));
    }

    @ParameterizedTest
    @MethodSource("everyTalk")
    void nobodyHasAllOfAnAnswerBeforeItsRowIsDurable(Talk which, boolean streamed) {
        talk = which;
        stream = streamed;
        opened.to(talk.provider("one", first));
        opened.ledger().slow();
        first.always(this::answer);
        FakeExchange caller = exchange();

        begin(caller);
        await().until(() -> opened.ledger().waiting() == 1);

        assertThat(caller.isEnded()).isFalse();
        assertThat(opened.limits().isEven())
                .as("a place is free before the last byte")
                .isTrue();
        if (stream) {
            await().until(() -> caller.bytes().length > 0);
            assertThat(talk.mark().isEmpty() || !caller.text().contains(talk.mark()))
                    .isTrue();
        } else {
            assertThat(caller.status()).isZero();
        }
        opened.ledger().sync();
        await().until(caller::isEnded);
        assertThat(caller.text()).contains("Hello", stream ? talk.mark() : "");
        assertThat(opened.records())
                .singleElement()
                .extracting(CallRecord::error)
                .isNull();
    }

    @ParameterizedTest
    @MethodSource("everyTalk")
    void anAnswerWhoseRowCannotBeWrittenIsNeverShownAsWhole(Talk which, boolean streamed) {
        talk = which;
        stream = streamed;
        opened.to(talk.provider("one", first));
        opened.ledger().failing();
        first.always(this::answer);
        FakeExchange caller = exchange();

        handle(caller);

        if (stream) {
            assertThat(talk.mark().isEmpty() || !caller.text().contains(talk.mark()))
                    .isTrue();
            assertThat(caller.text()).contains("cannot write down");
        } else {
            assertThat(caller.answerHeader("x-tollgate-error")).contains("gateway_ledger_unavailable");
        }
        assertThat(opened.records())
                .singleElement()
                .extracting(CallRecord::error)
                .isEqualTo(ErrorCode.GATEWAY_LEDGER_UNAVAILABLE);
    }

    @ParameterizedTest
    @MethodSource("everyTalk")
    void whereCallsGoOnWithoutTheirRowsAnAnswerIsWhole(Talk which, boolean streamed) {
        talk = which;
        stream = streamed;
        opened.to(talk.provider("one", first)).lenient();
        opened.ledger().failing();
        first.always(this::answer);
        FakeExchange caller = exchange();

        handle(caller);

        assertThat(caller.text()).contains("Hello", stream ? talk.mark() : "");
        assertThat(caller.isEnded()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Talk.class)
    void aCallThatCostsMoneyIsNotSentWhileNothingCanBeWritten(Talk which) {
        talk = which;
        opened.to(talk.provider("one", first));
        opened.ledger().unwritable();
        FakeExchange caller = exchange();

        handle(caller);

        assertThat(caller.status()).isIn(503, 529);
        assertThat(first.requests()).isEmpty();
        assertThat(opened.limits().calls()).isEmpty();
    }

    // --- answers that outgrow what was reserved

    @ParameterizedTest
    @EnumSource(
            value = Talk.class,
            names = {"OPENAI", "RESPONSES", "GEMINI", "BEDROCK"})
    void aStreamThatOutgrowsABudgetIsCutOff(Talk which) throws Exception {
        talk = which;
        stream = true;
        opened.to(talk.provider("one", first)).mostOutput(400);
        long budget = 900 * PRICE;
        opened.limits().budget(budget);
        first.always(peer -> {
            begin(peer);
            for (int i = 0; i < 400; i++) {
                peer.chunk(talk.more("and on and on it goes ".repeat(10)));
            }
            peer.chunk(talk.closing()).endChunks();
        });
        FakeExchange caller = exchange();

        handle(caller);

        assertThat(opened.records())
                .singleElement()
                .extracting(CallRecord::error)
                .isEqualTo(ErrorCode.POLICY_BUDGET_EXCEEDED);
        assertThat(caller.text()).contains("budget");
        assertThat(talk.mark().isEmpty() || !caller.text().contains(talk.mark()))
                .isTrue();
        await().untilAsserted(() -> assertThat(first.closedByClient()).isPositive());
        Grant call = opened.limits().calls().get(0);
        assertThat(call.extended()).isGreaterThan(1);
        assertThat(opened.limits().charged()).isBetween(500 * PRICE, 10_000 * PRICE);
        assertThat(opened.limits().isEven()).isTrue();
        assertThat(opened.ledger().rows(Entry.Ended.class)).singleElement().matches(Entry.Ended::estimated);
    }

    @Test
    void anAnswerThatIsWholeIsNotCutOffByALateRefusalOfMore() {
        stream = true;
        opened.to(talk.provider("one", first)).mostOutput(400);
        opened.limits().budget(500 * PRICE);
        opened.limits().decideLater();
        first.always(peer -> {
            begin(peer);
            for (int i = 0; i < 400; i++) {
                peer.chunk(talk.more("and on and on it goes ".repeat(10)));
            }
            peer.chunk(talk.closing()).await(gate).endChunks();
        });
        FakeExchange caller = exchange();
        begin(caller);
        await().until(() -> caller.text().contains(talk.mark()));

        assertThat(opened.limits().refused()).isPositive();
        opened.limits().decide();
        gate.countDown();
        await().until(caller::isEnded);

        assertThat(caller.text()).doesNotContain("budget");
        assertThat(opened.records())
                .singleElement()
                .extracting(CallRecord::error)
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(Talk.class)
    void anAnswerWithinItsReservationNeverAsksForMore(Talk which) {
        talk = which;
        stream = true;
        opened.to(talk.provider("one", first));
        first.always(this::answer);
        FakeExchange caller = exchange();

        handle(caller);

        assertThat(opened.limits().calls())
                .singleElement()
                .extracting(Grant::extended)
                .isEqualTo(0);
    }

    @ParameterizedTest
    @EnumSource(Talk.class)
    void aSecondTryIsNotMadeOnMoneyThatTheFirstHasUsed(Talk which) throws Exception {
        talk = which;
        opened.to(talk.provider("one", first), talk.provider("two", second)).firstByteWithin(Duration.ofMillis(300));
        first.always(Peer::untilClosed);
        second.always(this::answer);
        Gateway gateway = opened.open();
        FakeExchange probe = exchange();
        gateway.handle(probe);
        await().until(() -> probe.isEnded());
        long once = opened.limits().calls().get(0).demand().amount().nanoUsd().orElseThrow();

        opened.limits().budget(opened.limits().charged() + once);
        int asked = second.requests().size();
        FakeExchange caller = exchange();
        gateway.handle(caller);
        await().until(caller::isEnded);

        assertThat(second.requests()).hasSize(asked);
        assertThat(caller.status()).isNotEqualTo(200);
        assertThat(opened.limits().isEven()).isTrue();
    }

    @Test
    void aCallReservesForTheDearestOfThoseThatMayAnswerIt() {
        Prices dearer = new Prices() {
            @Override
            public OptionalLong cost(Candidate target, Usage usage, String serviceTier) {
                return atMost(target, usage.input(), usage.output(), serviceTier);
            }

            @Override
            public OptionalLong atMost(Candidate target, long input, long output, String serviceTier) {
                return OptionalLong.of((input + output) * (target.label().equals("two/m") ? 10 * PRICE : PRICE));
            }

            @Override
            public boolean isPriced(Candidate target) {
                return true;
            }
        };
        opened.to(talk.provider("one", first), talk.provider("two", second)).prices(dearer);
        first.always(peer -> peer.json(500, "{}"));
        second.always(this::answer);
        Gateway gateway = opened.open();

        FakeExchange caller = exchange();
        gateway.handle(caller);
        await().until(caller::isEnded);

        Amount reserved = opened.limits().calls().get(0).demand().amount();
        assertThat(reserved.nanoUsd()).hasValue((reserved.inputTokens() + 64) * 10 * PRICE);
        assertThat(opened.limits().charged())
                .isEqualTo(10 * BILLED)
                .isLessThan(reserved.nanoUsd().orElseThrow());
        assertThat(opened.limits().calls())
                .singleElement()
                .extracting(Grant::extended)
                .isEqualTo(0);

        opened.limits().budget(opened.limits().charged() + reserved.nanoUsd().orElseThrow() - 1);
        FakeExchange late = exchange();
        gateway.handle(late);
        await().until(late::isEnded);
        assertThat(late.status()).isEqualTo(402);
        assertThat(first.requests()).as("what nobody could pay for is not sent").hasSize(1);
    }

    @Test
    void whenTheLimitsOfAllProvidersAreUsedUpTheCallerIsToldSo() {
        opened.to(talk.provider("one", first), talk.provider("two", second));
        opened.limits().spent("one").spent("two");
        FakeExchange caller = exchange();

        handle(caller);

        assertThat(caller.status()).isEqualTo(429);
        assertThat(caller.text()).contains("is used up");
        assertThat(first.requests()).isEmpty();
        assertThat(opened.limits().calls())
                .singleElement()
                .matches(Grant::isEnded)
                .extracting(Grant::used)
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"batch, BATCH", "BATCH, BATCH", "interactive, INTERACTIVE"})
    void aCallerMayLowerItsOwnPriority(String said, Settings.Priority priority) {
        opened.to(talk.provider("one", first));
        first.always(this::answer);
        FakeExchange caller = new FakeExchange(
                "POST",
                talk.path(false),
                Map.of("x-tollgate-priority", said),
                talk.request(false, "Hi", "").getBytes(UTF_8));

        handle(caller);

        assertThat(opened.limits().calls())
                .singleElement()
                .extracting(each -> each.demand().priority())
                .isEqualTo(priority);
    }

    // --- what happens at the provider

    private void answer(Peer peer) throws IOException {
        invoice.addAndGet(BILLED);
        if (!stream) {
            peer.json(200, talk.whole("Hello"));
            return;
        }
        begin(peer).chunk(talk.closing()).endChunks();
    }

    private Peer begin(Peer peer) throws IOException {
        if (!stream) {
            return peer.head(200, "Content-Type: application/json", "Content-Length: 5000")
                    .raw("{\"id\":\"x\"");
        }
        return peer.head(200, "Content-Type: " + talk.streamType(), "Transfer-Encoding: chunked")
                .chunk(talk.opening("Hello"));
    }

    private void breakOff(Peer peer) throws IOException, InterruptedException {
        if (!stream) {
            peer.json(502, "{}");
            return;
        }
        begin(peer).await(gate).chunk(talk.breaking()).endChunks();
    }

    private void cut(Peer peer) throws IOException, InterruptedException {
        if (stream) {
            begin(peer).await(gate).close();
        } else {
            begin(peer).close();
        }
    }

    /** What has begun to flow goes on only when the caller has seen some of it. */
    private void goOnOnceSeen(FakeExchange caller) {
        if (stream) {
            await().until(() -> caller.bytes().length > 0);
        }
        gate.countDown();
    }

    // --- the caller

    private FakeExchange exchange() {
        String body = talk.request(stream, "How are you?", "");
        return new FakeExchange("POST", talk.path(stream), Map.of("authorization", "Bearer x"), body.getBytes(UTF_8));
    }

    private void begin(FakeExchange caller) {
        opened.open().handle(caller);
    }

    private void handle(FakeExchange caller) {
        begin(caller);
        await().until(() ->
                (caller.isEnded() || caller.isAborted()) && opened.records().size() == 1);
    }

    /** The caller, in a container that fails when the answer is written. */
    private static Exchange faulty(FakeExchange caller) {
        Set<String> failing = Set.of("write");
        return (Exchange) Proxy.newProxyInstance(
                Exchange.class.getClassLoader(), new Class<?>[] {Exchange.class}, (proxy, method, arguments) -> {
                    if (failing.contains(method.getName())) {
                        throw new IllegalStateException("as if the container had one");
                    }
                    try {
                        return method.isDefault()
                                ? java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments)
                                : method.invoke(caller, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
