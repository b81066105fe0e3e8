package dev.tollgate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tollgate.config.Scalar.NotOne;
import dev.tollgate.config.Settings.Rate;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {

    @Test
    void durationsHaveUnits() throws NotOne {
        assertThat(Amounts.duration("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Amounts.duration("3s")).isEqualTo(Duration.ofSeconds(3));
        assertThat(Amounts.duration("2m")).isEqualTo(Duration.ofMinutes(2));
        assertThat(Amounts.duration("1h")).isEqualTo(Duration.ofHours(1));
        assertThat(Amounts.duration("7d")).isEqualTo(Duration.ofDays(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "s", "-3s", "3 s", "1.5s", "3S", "٣s", "999999999999999999s", "999999999999999d"})
    void otherTextIsNoDuration(String text) {
        assertThatExceptionOfType(NotOne.class).isThrownBy(() -> Amounts.duration(text));
    }

    @Test
    void ratesHavePeriods() throws NotOne {
        assertThat(Amounts.rate("600/min")).isEqualTo(new Rate(600, Duration.ofMinutes(1)));
        assertThat(Amounts.rate("200k/hour")).isEqualTo(new Rate(200_000, Duration.ofHours(1)));
        assertThat(Amounts.rate("1M/day")).isEqualTo(new Rate(1_000_000, Duration.ofDays(1)));
        assertThat(Amounts.rate("5/s")).isEqualTo(Amounts.rate("5/sec"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "600", "600/", "/min", "600/min/min", "600/fortnight", "600/Min"})
    void otherTextIsNoRate(String text) {
        assertThatExceptionOfType(NotOne.class).isThrownBy(() -> Amounts.rate(text));
    }

    @Test
    void pricesAreExactNanoUsd() throws NotOne {
        assertThat(Amounts.price("3")).isEqualTo(3_000_000_000L);
        assertThat(Amounts.price("0.075")).isEqualTo(75_000_000);
        assertThat(Amounts.price("0.000000001")).isEqualTo(1);
        assertThat(Amounts.price("0")).isZero();
        assertThatExceptionOfType(NotOne.class).isThrownBy(() -> Amounts.price("0.0000000005"));
        assertThatExceptionOfType(NotOne.class).isThrownBy(() -> Amounts.price("-1"));
        assertThatExceptionOfType(NotOne.class).isThrownBy(() -> Amounts.price("1000001"));
        assertThatExceptionOfType(NotOne.class).isThrownBy(() -> Amounts.price("1e999999999"));
        assertThatExceptionOfType(NotOne.class).isThrownBy(() -> Amounts.price("1e-999999999"));
    }

    @Test
    void factorsHaveBounds() throws NotOne {
        assertThat(Amounts.times("0.5")).isEqualByComparingTo("0.5");
        for (String text : List.of("-1", "1001", "0.0000001", "1e999999999", "1e-999999999", "double")) {
            assertThatExceptionOfType(NotOne.class).isThrownBy(() -> Amounts.times(text));
        }
    }

    @Property
    void aDurationThatIsShownReadsTheSame(@ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long millis)
            throws NotOne {
        Duration duration = Duration.ofMillis(millis);

        assertThat(Amounts.duration(Amounts.show(duration))).isEqualTo(duration);
    }

    @Property
    void aSizeThatIsShownReadsTheSame(@ForAll @LongRange(min = 0, max = 1L << 40) long bytes) throws NotOne {
        assertThat(Amounts.size(Amounts.showSize(bytes))).isEqualTo(bytes);
    }

    @Property
    void aPriceThatIsShownReadsTheSame(@ForAll @LongRange(min = 0, max = 1_000_000_000_000_000L) long nano)
            throws NotOne {
        assertThat(Amounts.price(Amounts.showPrice(nano).toString())).isEqualTo(nano);
    }
}
