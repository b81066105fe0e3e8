package dev.tollgate.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings.Overload;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.load.Load.Stay;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoorTest {
    private static final long MIB = 1024 * 1024;
    private static final long HEAP = 128 * MIB;

    private final ManualTime time = new ManualTime(-5);
    private final List<String> shed = new ArrayList<>();
    private HeapReading heap = new HeapReading(0, 0, HEAP);
    private int descriptors;
    private int looks;
    private Overload settings = Overload.DEFAULT;
    private final MeasuredLoad load = new MeasuredLoad(
            () -> settings,
            new Door(() -> settings, new Vitals(this::look, () -> new Descriptors(descriptors, 100), time), HEAP, time),
            (reason, priority) -> shed.add(reason + " " + priority),
            time,
            () -> ThreadLocalRandom.current().nextLong());

    private HeapReading look() {
        looks++;
        return heap;
    }

    @Test
    void batchCallsFindTheHouseFullBeforeOthersDo() {
        settings = new Overload(90, 80, 10, true);
        for (int i = 0; i < 8; i++) {
            load.admit(Priority.BATCH, 0);
        }

        assertThat(refusal(Priority.BATCH, 0)).isNotNull();
        load.admit(Priority.INTERACTIVE, 0);
        Stay last = load.admit(Priority.INTERACTIVE, 0);
        assertThat(refusal(Priority.INTERACTIVE, 0)).isNotNull();
        assertThat(shed).containsExactly("CALLS BATCH", "CALLS INTERACTIVE");

        last.end();
        last.end();
        load.admit(Priority.INTERACTIVE, 0);
        assertThat(refusal(Priority.INTERACTIVE, 0)).isNotNull();
    }

    @Test
    void aRefusedCallIsToldAnHonestWaitThatIsNotEverybodysSame() {
        settings = new Overload(90, 80, 1, true);
        load.admit(Priority.INTERACTIVE, 0);

        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Refusal refusal = refusal(Priority.INTERACTIVE, 0);
            assertThat(refusal.code()).isEqualTo(ErrorCode.GATEWAY_OVERLOADED);
            waits.add(refusal.retryAfter().orElseThrow());
        }

        assertThat(waits).allMatch(wait -> !wait.minusSeconds(1).isNegative() && wait.toMillis() < 5_000);
        assertThat(waits.stream().distinct().count()).isGreaterThan(25);
    }

    @Test
    void requestsUnderWayTakeHalfOfTheHeapAtMost() {
        Stay first = load.admit(Priority.INTERACTIVE, 8 * MIB);
        load.admit(Priority.INTERACTIVE, 7 * MIB);

        assertThat(refusal(Priority.INTERACTIVE, 2 * MIB)).isNotNull();
        assertThat(shed).containsExactly("BODIES INTERACTIVE");
        load.admit(Priority.INTERACTIVE, 1000);
        assertThat(refusal(Priority.BATCH, 1000)).isNotNull();

        first.end();
        load.admit(Priority.BATCH, 2 * MIB);
    }

    @Test
    void aRequestThatIsAloneMayBeOfAnySize() {
        Stay stay = load.admit(Priority.BATCH, Long.MAX_VALUE);
        assertThat(refusal(Priority.INTERACTIVE, 0)).isNotNull();

        stay.end();
        assertThat(load.heldBytes()).isZero();
        load.admit(Priority.INTERACTIVE, 0);
    }

    @Test
    void aBodyThatDoesNotSayItsSizeCountsAsWhatItTurnsOutToBe() {
        Stay stay = load.admit(Priority.INTERACTIVE, -1);
        long guessed = load.heldBytes();
        stay.holds(10);
        long known = load.heldBytes();

        assertThat(known).isLessThan(guessed).isPositive();
        stay.end();
        stay.holds(1000);
        assertThat(load.heldBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "79, true, true, true",
        "80, false, true, true",
        "84, false, true, true",
        "85, false, false, true",
        "89, false, false, true",
        "90, false, false, false",
        "100, false, false, false",
    })
    void asTheHeapFillsBatchGoesFirstThenLargeRequestsThenAll(
            int percent, boolean batch, boolean large, boolean small) {
        heap = new HeapReading(HEAP * percent / 100 + 1, HEAP, HEAP);

        assertThat(refusal(Priority.BATCH, 10) == null).isEqualTo(batch);
        assertThat(refusal(Priority.INTERACTIVE, MIB) == null).isEqualTo(large);
        assertThat(refusal(Priority.INTERACTIVE, 10) == null).isEqualTo(small);
        assertThat(shed).allMatch(what -> what.startsWith("HEAP"));
    }

    @Test
    void garbageIsNoReasonToRefuse() {
        heap = new HeapReading(HEAP / 2, HEAP, HEAP);
        load.admit(Priority.BATCH, 10);
        heap = new HeapReading(HEAP, HEAP / 2, HEAP);
        time.pass(Duration.ofSeconds(1));
        load.admit(Priority.BATCH, 10);
    }

    @Test
    void aFigureThatIsNotRenewedRefusesNobodyForEver() {
        heap = new HeapReading(HEAP * 95 / 100, HEAP, HEAP);
        assertThat(refusal(Priority.INTERACTIVE, 10)).isNotNull();
        time.pass(Duration.ofSeconds(11));

        assertThat(refusal(Priority.INTERACTIVE, 10)).isNull();
        assertThat(refusal(Priority.INTERACTIVE, 10)).isNotNull();
        time.pass(Duration.ofSeconds(1));
        assertThat(refusal(Priority.INTERACTIVE, 10)).isNull();

        heap = new HeapReading(HEAP * 96 / 100, HEAP, HEAP);
        time.pass(Duration.ofSeconds(1));
        assertThat(refusal(Priority.INTERACTIVE, 10)).isNotNull();
    }

    @Test
    void cleaningsThatLeaveTheFigureAsItIsDoNotMakeItNew() {
        for (int second = 0; second < 10; second++) {
            heap = new HeapReading(HEAP * 95 / 100, HEAP - second, HEAP);
            assertThat(refusal(Priority.INTERACTIVE, 10)).isNotNull();
            time.pass(Duration.ofSeconds(1));
        }

        assertThat(refusal(Priority.INTERACTIVE, 10)).isNull();
    }

    @Test
    void aLowMarkRefusesNobodyWhileNothingIsUsedOrKnown() {
        settings = new Overload(5, 10, 0, true);

        load.admit(Priority.BATCH, MIB);
        assertThat(load.isShortOfConnections()).isFalse();
    }

    @Test
    void whatCallsHaveLetGoOfSinceTheHeapWasCleanedIsFree() {
        List<Stay> stays = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            stays.add(load.admit(Priority.INTERACTIVE, 2 * MIB));
        }
        heap = new HeapReading(HEAP * 95 / 100, HEAP, HEAP);
        time.pass(Duration.ofSeconds(1));
        assertThat(refusal(Priority.INTERACTIVE, 10)).isNotNull();

        stays.forEach(Stay::end);
        time.pass(Duration.ofSeconds(1));
        assertThat(refusal(Priority.INTERACTIVE, MIB)).isNull();
    }

    @Test
    void fewDescriptorsLeftRefuseBatchFirstThenAll() {
        descriptors = 70;
        assertThat(refusal(Priority.BATCH, 10)).isNotNull();
        load.admit(Priority.INTERACTIVE, 10);
        descriptors = 80;
        time.pass(Duration.ofSeconds(1));
        assertThat(refusal(Priority.INTERACTIVE, 10)).isNotNull();
        assertThat(shed).containsExactly("DESCRIPTORS BATCH", "DESCRIPTORS INTERACTIVE");
    }

    @Test
    void callsThatHaveComeSinceTheDescriptorsWereCountedAreTakenToHaveTwoEach() {
        descriptors = 60;
        int admitted = 0;
        while (refusal(Priority.INTERACTIVE, 10) == null) {
            load.admit(Priority.INTERACTIVE, 10);
            admitted++;
        }

        assertThat(admitted).isBetween(8, 11);
        descriptors = 61;
        time.pass(Duration.ofSeconds(1));
        assertThat(refusal(Priority.INTERACTIVE, 10)).isNull();
    }

    @Test
    void theJvmIsLookedAtOnceASecondAtMost() {
        for (int i = 0; i < 1000; i++) {
            load.admit(Priority.INTERACTIVE, 10).end();
            time.pass(Duration.ofMillis(10));
        }

        assertThat(looks).isEqualTo(10);
    }

    @Test
    void thisJvmHasAHeapAndDescriptors() {
        HeapReading read = Jvm.heap().get();

        assertThat(read.max()).isPositive();
        assertThat(read.used()).isPositive().isLessThanOrEqualTo(read.max());
        assertThat(read.needed()).isNotNegative();
        assertThat(Jvm.percent(
                        Jvm.descriptors().get().open(), Jvm.descriptors().get().max()))
                .isBetween(0, 99);
    }

    /** Null where the call was let in; it leaves again at once. */
    private Refusal refusal(Priority priority, long body) {
        return catchThrowableOfType(
                Refusal.class, () -> load.admit(priority, body).end());
    }
}
