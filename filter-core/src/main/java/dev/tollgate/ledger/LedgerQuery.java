package dev.tollgate.ledger;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to know of a ledger.
 *
 * @param directories the folders of nodes, which are read as one ledger
 * @param from rows that happened before are left out
 * @param to rows that happened then or later are left out
 * @param zone where days and hours are counted
 * @param by what rows are added up by; nothing for one sum
 * @param rows which rows are listed instead, or null
 * @param format how the answer is written
 */
record LedgerQuery(
        List<Path> directories,
        Instant from,
        Instant to,
        ZoneId zone,
        List<Dimension> by,
        @Nullable Kind rows,
        Table.Format format) {

    LedgerQuery {
        directories = List.copyOf(directories);
        by = List.copyOf(by);
    }

    /** Which rows are listed. */
    enum Kind {
        ATTEMPTS(Entry.Ended.class),
        CALLS(Entry.Called.class);

        private final Class<? extends Entry> type;

        Kind(Class<? extends Entry> type) {
            this.type = type;
        }

        boolean isOf(Entry row) {
            return type.isInstance(row);
        }
    }
}
