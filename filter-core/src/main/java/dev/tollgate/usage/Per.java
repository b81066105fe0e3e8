package dev.tollgate.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The periods that are added up, in UTC. */
public enum Per {
    HOUR(ChronoUnit.HOURS, "uuuu-MM-dd'T'HH", Duration.ofDays(2)),
    DAY(ChronoUnit.DAYS, "uuuu-MM-dd", Duration.ofDays(62));

    private final ChronoUnit unit;
    private final DateTimeFormatter names;
    private final Duration kept;

    Per(ChronoUnit unit, String names, Duration kept) {
        this.unit = unit;
        this.names = DateTimeFormatter.ofPattern(names, Locale.ROOT).withZone(ZoneOffset.UTC);
        this.kept = kept;
    }

    /** Its name in questions and in the names of totals. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one with a name. */
    public static Optional<Per> named(String word) {
        return Arrays.stream(values()).filter(per -> per.word().equals(word)).findFirst();
    }

    /** How long totals are kept; older ones are in the ledger. */
    public Duration kept() {
        return kept;
    }

    /** The name of the period that a moment is in, as {@code 2026-11-24T13}. */
    String nameAt(Instant moment) {
        return names.format(moment);
    }

    /** How many of these periods had begun since 1970. */
    long numberAt(Instant moment) {
        return Math.floorDiv(moment.getEpochSecond(), unit.getDuration().toSeconds());
    }
}
