package dev.tollgate.limit;

import dev.tollgate.config.Settings.Span;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;

/**
 * One window of a calendar, as November 2026 in Berlin. Windows follow one another without a gap and never overlap, whatever
 * the clocks of their zone do.
 *
 * @param id tells it from the other windows of its calendar, as {@code 2026-11}
 * @param starts its first moment
 * @param ends the first moment of the next one
 */
record CalendarWindow(String id, Instant starts, Instant ends) {

    /** The window that a moment lies in. */
    static CalendarWindow of(Span.Calendar calendar, Instant at) {
        ZoneId zone = calendar.zone();
        LocalDate date = at.atZone(zone).toLocalDate();
        int year = date.getYear();
        return switch (calendar.unit()) {
            case HOUR -> hour(zone, at);
            case DAY -> between(date.toString(), date, date.plusDays(1), zone);
            case WEEK -> {
                LocalDate monday = date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                String id = id(date.get(IsoFields.WEEK_BASED_YEAR), "W", date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
                yield between(id, monday, monday.plusWeeks(1), zone);
            }
            case MONTH -> {
                LocalDate first = date.withDayOfMonth(1);
                yield between(id(year, "", date.getMonthValue()), first, first.plusMonths(1), zone);
            }
            case QUARTER -> {
                int quarter = date.get(IsoFields.QUARTER_OF_YEAR);
                LocalDate first = LocalDate.of(year, 3 * quarter - 2, 1);
                yield between(year + "-Q" + quarter, first, first.plusMonths(3), zone);
            }
            case YEAR -> between(String.valueOf(year), LocalDate.of(year, 1, 1), LocalDate.of(year + 1, 1, 1), zone);
        };
    }

    boolean contains(Instant at) {
        return !at.isBefore(starts) && at.isBefore(ends);
    }

    private static CalendarWindow between(String id, LocalDate first, LocalDate next, ZoneId zone) {
        return new CalendarWindow(
                id,
                first.atStartOfDay(zone).toInstant(),
                next.atStartOfDay(zone).toInstant());
    }

    private static String id(int year, String prefix, int number) {
        return String.format(Locale.ROOT, "%d-%s%02d", year, prefix, number);
    }

    /**
     * A full hour of the zone's clocks. Where they are changed in the middle of one (some go by half hours) it is cut there.
     * An hour that comes twice is two windows, so its name is that of its beginning in UTC.
     */
    private static CalendarWindow hour(ZoneId zone, Instant at) {
        int offset = zone.getRules().getOffset(at).getTotalSeconds();
        long local = at.getEpochSecond() + offset;
        Instant start = Instant.ofEpochSecond(local - Math.floorMod(local, 3600L) - offset);
        Instant end = start.plusSeconds(3600);
        ZoneOffsetTransition before = zone.getRules().previousTransition(at.plusNanos(1));
        ZoneOffsetTransition after = zone.getRules().nextTransition(at);
        if (before != null && before.getInstant().isAfter(start)) {
            start = before.getInstant();
        }
        if (after != null && after.getInstant().isBefore(end)) {
            end = after.getInstant();
        }
        return new CalendarWindow(start.toString(), start, end);
    }
}
