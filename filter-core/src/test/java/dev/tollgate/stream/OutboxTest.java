package dev.tollgate.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.testing.FakeExchange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final FakeExchange exchange = new FakeExchange();
    private final List<Throwable> errors = new ArrayList<>();
    private final Lane lane = new Lane(errors::add);
    private final List<String> told = new ArrayList<>();
    private Outbox outbox;

    @BeforeEach
    void open() {
        outbox = new Outbox(
                exchange,
                lane,
                () -> {
                    told.add("written " + outbox.writtenMark());
                    outbox.flush();
                },
                why -> told.add("broken"));
        exchange.head(200, List.of());
    }

    private void add(String text, long mark) {
        lane.run(() -> {
            outbox.add(ByteBuffer.wrap(text.getBytes(UTF_8)), mark);
            outbox.flush();
        });
    }

    @Test
    void whatIsAddedIsWrittenInOrder() {
        add("a", 1);
        add("b", 2);
        assertThat(exchange.text()).isEqualTo("ab");
        assertThat(told).containsExactly("written 1", "written 2");
        assertThat(outbox.isIdle()).isTrue();
    }

    @Test
    void oneWriteIsUnderWayAtATimeAndSmallPiecesAreJoined() {
        exchange.stall();
        add("a", 1);
        add("b", 2);
        add("c", 3);
        assertThat(outbox.queuedBytes()).isEqualTo(2);
        exchange.take();
        assertThat(exchange.text()).isEqualTo("a");
        exchange.take();
        assertThat(exchange.text()).isEqualTo("abc");
        assertThat(exchange.writes()).containsExactly(1, 2);
        assertThat(told).containsExactly("written 1", "written 3");
        assertThat(exchange.fault()).isEmpty();
    }

    @Test
    void largePiecesAreNotJoined() {
        exchange.stall();
        add("a", 1);
        add("x".repeat(20_000), 2);
        add("y".repeat(10_000), 3);
        add("z".repeat(5_000), 4);
        exchange.take();
        exchange.take();
        exchange.take();
        assertThat(exchange.writes()).containsExactly(1, 20_000, 15_000);
    }

    @Test
    void emptyPiecesAreNotWritten() {
        add("", 1);
        assertThat(exchange.writes()).isEmpty();
        assertThat(outbox.isIdle()).isTrue();
    }

    @Test
    void aFailedWriteIsToldOnceAndNothingIsWrittenAfterIt() {
        exchange.stall();
        add("a", 1);
        add("b", 2);
        exchange.leave(false);
        add("c", 3);
        assertThat(told).containsExactly("broken");
        assertThat(outbox.queuedBytes()).isZero();
        assertThat(exchange.isWriting()).isFalse();
    }

    @Test
    void afterClosingNothingIsTold() {
        exchange.stall();
        add("a", 1);
        lane.run(outbox::close);
        exchange.take();
        assertThat(told).isEmpty();
    }
}
