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
