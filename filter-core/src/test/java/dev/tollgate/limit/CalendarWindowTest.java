package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.Span;
import dev.tollgate.config.Settings.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalendarWindowTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            MONTH,   UTC,                 2026-11-30T23:59:59.999Z, 2026-11,              2026-11-01T00:00:00Z, 2026-12-01T00:00:00Z
            MONTH,   UTC,                 2026-12-01T00:00:00Z,     2026-12,              2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z
            MONTH,   Europe/Berlin,       2026-11-30T23:30:00Z,     2026-12,              2026-11-30T23:00:00Z, 2026-12-31T23:00:00Z
            MONTH,   Europe/Berlin,       2026-10-31T12:00:00Z,     2026-10,              2026-09-30T22:00:00Z, 2026-10-31T23:00:00Z
            MONTH,   UTC,                 2028-02-29T12:00:00Z,     2028-02,              2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z
            DAY,     Europe/Berlin,       2026-03-29T12:00:00Z,     2026-03-29,           2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z
            DAY,     Europe/Berlin,       2026-10-25T12:00:00Z,     2026-10-25,           2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z
            DAY,     America/Sao_Paulo,   2018-11-04T12:00:00Z,     2018-11-04,           2018-11-04T03:00:00Z, 2018-11-05T02:00:00Z
            DAY,     Pacific/Apia,        2011-12-30T09:59:00Z,     2011-12-29,           2011-12-29T10:00:00Z, 2011-12-30T10:00:00Z
            WEEK,    UTC,                 2027-01-03T23:59:59Z,     2026-W53,             2026-12-28T00:00:00Z, 2027-01-04T00:00:00Z
            WEEK,    UTC,                 2027-01-04T00:00:00Z,     2027-W01,             2027-01-04T00:00:00Z, 2027-01-11T00:00:00Z
            WEEK,    UTC,                 2025-12-29T00:00:00Z,     2026-W01,             2025-12-29T00:00:00Z, 2026-01-05T00:00:00Z
            QUARTER, UTC,                 2026-11-24T00:00:00Z,     2026-Q4,              2026-10-01T00:00:00Z, 2027-01-01T00:00:00Z
            YEAR,    Asia/Tokyo,          2026-12-31T15:00:00Z,     2027,                 2026-12-31T15:00:00Z, 2027-12-31T15:00:00Z
            HOUR,    UTC,                 2026-11-24T10:30:00Z,     2026-11-24T10:00:00Z, 2026-11-24T10:00:00Z, 2026-11-24T11:00:00Z
            HOUR,    Asia/Kolkata,        2026-11-24T10:20:00Z,     2026-11-24T09:30:00Z, 2026-11-24T09:30:00Z, 2026-11-24T10:30:00Z
            HOUR,    Europe/Berlin,       2026-10-25T00:30:00Z,     2026-10-25T00:00:00Z, 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z
            HOUR,    Europe/Berlin,       2026-10-25T01:30:00Z,     2026-10-25T01:00:00Z, 2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z
            HOUR,    Australia/Lord_Howe, 2026-04-04T15:15:00Z,     2026-04-04T15:00:00Z, 2026-04-04T15:00:00Z, 2026-04-04T15:30:00Z
            """)
    void aMomentLiesInTheWindowOfItsZonesCalendar(
            Unit unit, String zone, Instant at, String id, Instant starts, Instant ends) {
        CalendarWindow window = CalendarWindow.of(new Span.Calendar(unit, ZoneId.of(zone)), at);

        assertThat(window).isEqualTo(new CalendarWindow(id, starts, ends));
    }

    @Property(tries = 3_000)
    void windowsFollowOneAnotherWithoutGapOrOverlap(
            @ForAll Unit unit,
            @ForAll("zones") String zone,
            @ForAll @LongRange(min = 946_684_800, max = 2_208_988_800L) long second) {
        Span.Calendar calendar = new Span.Calendar(unit, ZoneId.of(zone));
        Instant at = Instant.ofEpochSecond(second);

        CalendarWindow window = CalendarWindow.of(calendar, at);

        assertThat(window.contains(at)).isTrue();
        assertThat(CalendarWindow.of(calendar, window.starts())).isEqualTo(window);
        assertThat(CalendarWindow.of(calendar, window.ends().minusNanos(1))).isEqualTo(window);
        CalendarWindow next = CalendarWindow.of(calendar, window.ends());
        assertThat(next.starts()).isEqualTo(window.ends());
        assertThat(next.id()).isNotEqualTo(window.id());
    }

    @Example
    void aDayHasAsManyHoursAsItsZoneGivesIt() {
        Span.Calendar calendar = new Span.Calendar(Unit.DAY, ZoneId.of("Europe/Berlin"));
        CalendarWindow spring = CalendarWindow.of(calendar, Instant.parse("2026-03-29T10:00:00Z"));
        CalendarWindow autumn = CalendarWindow.of(calendar, Instant.parse("2026-10-25T10:00:00Z"));

        assertThat(Duration.between(spring.starts(), spring.ends())).isEqualTo(Duration.ofHours(23));
        assertThat(Duration.between(autumn.starts(), autumn.ends())).isEqualTo(Duration.ofHours(25));
    }

    @Provide
    Arbitrary<String> zones() {
        return Arbitraries.of(
                "UTC",
                "Europe/Berlin",
                "America/New_York",
                "America/Sao_Paulo",
                "America/Havana",
                "Asia/Tehran",
                "Asia/Kolkata",
                "Asia/Kathmandu",
                "Australia/Lord_Howe",
                "Pacific/Apia",
                "Pacific/Chatham",
                "Africa/Casablanca");
    }
}
