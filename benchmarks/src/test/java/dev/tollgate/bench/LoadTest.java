package dev.tollgate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tollgate.bench.load.ClosedLoop;
import dev.tollgate.bench.load.HeldStreams;
import dev.tollgate.bench.load.OpenLoop;
import dev.tollgate.bench.load.Request;
import dev.tollgate.bench.load.Sample;
import dev.tollgate.bench.upstream.FakeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The loads against the provider, with nothing between them. */
class LoadTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private FakeProvider provider;
    private Contender direct;

    @BeforeEach
    void start() throws IOException {
        provider = new FakeProvider();
        Thread thread = new Thread(this::serve, "provider");
        thread.setDaemon(true);
        thread.start();
        direct = Contender.direct(provider.port());
    }

    private void serve() {
        try {
            provider.run();
        } catch (ClosedSelectorException | CancelledKeyException e) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws IOException {
        provider.close();
    }

    static Stream<Kind> kinds() {
        return Kind.all().stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachKindOfCallIsAnswered(Kind kind) {
        assertThatCode(() -> Check.answers(direct, kind)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void requestsHaveAboutTheSizeThatTheirKindSays(Kind kind) {
        assertThat(kind.request().bytes().remaining())
                .isBetween(kind.bytes() - 100, kind.bytes() / 50 + kind.bytes() + 600);
    }

    @Test
    void aClosedLoopCountsCallsAndTheirTimes() throws IOException {
        Request request = new Kind(Chat.OPENAI, Chat.OPENAI, Kind.LARGE, false).request();

        Sample sample = ClosedLoop.run(direct.address(), request, 4, SHORT, SHORT, () -> 0);

        assertThat(sample.errors()).isZero();
        assertThat(sample.calls()).isPositive();
        assertThat(sample.whole().getTotalCount()).isEqualTo(sample.calls());
    }

    @Test
    void anOpenLoopKeepsItsRate() throws IOException {
        Request request = new Kind(Chat.ANTHROPIC, Chat.ANTHROPIC, Kind.SMALL, false).request();

        Sample sample = OpenLoop.run(direct.address(), request, 8, 100, Duration.ZERO, Duration.ofSeconds(1));

        assertThat(sample.errors()).isZero();
        assertThat(sample.calls()).isBetween(80L, 100L);
    }

    @Test
    void theFirstTokenOfAStreamComesLongBeforeItsEnd() throws IOException {
        Request request = new Kind(Chat.OPENAI, Chat.OPENAI, Kind.SMALL, true).request();

        Sample sample = OpenLoop.run(direct.address(), request, 8, 50, SHORT, SHORT);

        assertThat(sample.calls()).isPositive();
        // One event each millisecond: the last of them cannot be there sooner.
        assertThat(sample.whole().getMinValue() - sample.first().getMinValue()).isGreaterThan(15_000_000);
    }

    @Test
    void heldStreamsBeginAndGoOn() throws IOException {
        Request request = new Kind(Chat.OPENAI, Chat.ANTHROPIC, Kind.SMALL, true).heldRequest();

        try (HeldStreams held = HeldStreams.open(direct.address(), request, 20)) {
            held.awaitBegun(Duration.ofSeconds(5));
            held.hold(SHORT);

            assertThat(held.begun()).isEqualTo(20);
            assertThat(held.over()).isZero();
        }
    }
}
