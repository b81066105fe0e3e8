package dev.tollgate.ledger;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What rows are added up by. */
public enum Dimension {
    KEY,
    TEAM,
    USER,
    /** The configured model. */
    MODEL,
    PROVIDER,
    /** The provider's model, as "provider/model". */
    TARGET,
    DAY,
    HOUR;

    /** All there are, for a message. */
    public static final String ALL =
            Arrays.stream(values()).map(Dimension::column).collect(Collectors.joining(", "));

    /** Its name in tables, documents and questions, as {@code team}. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one with a name. */
    public static Optional<Dimension> named(String column) {
        return Arrays.stream(values())
                .filter(dimension -> dimension.column().equals(column))
                .findFirst();
    }

    /**
     * What a row belongs to; empty when it belongs to none.
     *
     * @param zone where days and hours are counted
     */
    public String of(Entry row, ZoneId zone) {
        return switch (this) {
            case KEY -> orEmpty(row.party().key());
            case TEAM -> orEmpty(row.party().team());
            case USER -> orEmpty(row.party().user());
            case MODEL -> orEmpty(row.party().model());
            case PROVIDER -> provider(targetOf(row));
            case TARGET -> targetOf(row);
            case DAY -> row.at().atZone(zone).toLocalDate().toString();
            case HOUR -> hour(row.at().atZone(zone));
        };
    }

    private static String hour(ZonedDateTime time) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.truncatedTo(ChronoUnit.HOURS));
    }

    private static String provider(String target) {
        int slash = target.indexOf('/');
        return slash < 0 ? target : target.substring(0, slash);
    }

    static String targetOf(Entry row) {
        if (row instanceof Entry.Started started) {
            return started.target();
        }
        if (row instanceof Entry.Ended ended) {
            return ended.target();
        }
        return row instanceof Entry.Called called ? orEmpty(called.target()) : "";
    }

    private static String orEmpty(@Nullable String name) {
        return name == null ? "" : name;
    }
}
