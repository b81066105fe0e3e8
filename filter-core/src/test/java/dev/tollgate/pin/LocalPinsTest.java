package dev.tollgate.pin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.access.Caller;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalPinsTest {
    private static final Pin PIN = new Pin("openai", "gpt", "team:a");

    private final AtomicLong time = new AtomicLong();

    private static Optional<Pin> find(Pins pins, String id) {
        return pins.find(id).toCompletableFuture().join();
    }

    @Test
    void whatIsOldIsForgotten() {
        Pins pins = new LocalPins(time::get);
        pins.remember("a", PIN);
        time.addAndGet(Pins.KEPT.toNanos() - 1);
        assertThat(find(pins, "a")).contains(PIN);
        time.addAndGet(1);
        assertThat(find(pins, "a")).isEmpty();
    }

    @Test
    void whereThereIsTooMuchWhatWasNotAskedForLongestGoes() {
        Pins pins = new LocalPins(time::get, 2);
        pins.remember("a", PIN);
        pins.remember("b", PIN);
        find(pins, "a");
        pins.remember("c", PIN);

        assertThat(find(pins, "a")).contains(PIN);
        assertThat(find(pins, "b")).isEmpty();
        pins.forget("a");
        assertThat(find(pins, "a")).isEmpty();
    }

    @Test
    void thingsBelongToTeamsOrElseToKeysOrToAll() {
        Caller mate = new Caller("k2", "a", "someone", List.of());
        assertThat(PIN.isOf(mate)).isTrue();
        assertThat(PIN.isOf(new Caller("a", null, null, List.of()))).isFalse();
        assertThat(Pin.ownerOf(new Caller("a", null, null, List.of()))).isEqualTo("key:a");
        assertThat(Pin.ownerOf(new Caller(null, null, null, List.of()))).isEqualTo("open");
    }
}
