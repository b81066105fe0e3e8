package dev.tollgate.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tollgate.nemesis.History.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Offset<Double> A_LITTLE = within(0.01);

    @Test
    void whatABucketHoldsMayGoAtOnce() {
        assertThat(history(0, 10).worstExcess(10, 1)).isLessThanOrEqualTo(0.001);
    }

    @Test
    void oneMoreAtOnceIsOneTooMany() {
        assertThat(history(0, 11).worstExcess(10, 1)).isCloseTo(1, A_LITTLE);
    }

    @Test
    void whatComesBackMeanwhileMayGoToo() {
        List<Admission> admissions = new ArrayList<>(history(0, 10).admissions());
        admissions.addAll(history(5 * SECOND, 5).admissions());

        assertThat(new History(admissions).worstExcess(10, 1)).isLessThanOrEqualTo(0.001);
    }

    @Test
    void anIntervalInTheMiddleIsFoundToo() {
        List<Admission> admissions = new ArrayList<>(history(0, 1).admissions());
        admissions.addAll(history(100 * SECOND, 13).admissions());
        admissions.addAll(history(300 * SECOND, 2).admissions());

        assertThat(new History(admissions).worstExcess(10, 1)).isCloseTo(3, A_LITTLE);
    }

    @Test
    void aCallThatWasLongOnItsWayMayHaveBeenLetThroughBefore() {
        List<Admission> admissions = new ArrayList<>(history(50 * SECOND, 10).admissions());
        admissions.add(new Admission(0, 50 * SECOND));

        assertThat(new History(admissions).worstExcess(10, 1)).isLessThanOrEqualTo(0.001);
    }

    /** So many calls at a time, a microsecond after each other. */
    private static History history(long at, int calls) {
        return new History(LongStream.range(0, calls)
                .mapToObj(call -> new Admission(at + call * 1_000, at + call * 1_000))
                .toList());
    }
}
