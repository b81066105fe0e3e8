package dev.tollgate.ledger;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** Moments, as people write them. */
public final class Times {

    private Times() {}

    /** A moment as rows have it, which are many. */
    static Instant ofRow(String text) {
        if (text.length() < 20 || text.charAt(10) != 'T' || text.charAt(text.length() - 1) != 'Z') {
            return Instant.parse(text);
        }
        int nanos = 0;
        int scale = 1_000_000_000;
        for (int i = 20; i < text.length() - 1 && scale > 1; i++) {
            scale /= 10;
            nanos += digits(text, i, i + 1) * scale;
        }
        long day = LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10))
                .toEpochDay();
        long second = digits(text, 11, 13) * 3600L + digits(text, 14, 16) * 60L + digits(text, 17, 19);
        return Instant.ofEpochSecond(day * 86_400 + second, nanos);
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException("no digit at " + i);
            }
            value = 10 * value + digit;
        }
        return value;
    }

    /**
     * A moment: a date is its first in the zone, and a time without an offset is one of the zone.
     *
     * @throws DateTimeException when it is neither
     */
    public static Instant parse(String text, ZoneId zone) {
        if (text.indexOf('T') < 0) {
            return LocalDate.parse(text).atStartOfDay(zone).toInstant();
        }
        boolean offset = text.matches(".*(?:Z|[+-][0-9]{2}:?[0-9]{2})");
        return offset
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(zone).toInstant();
    }
}
