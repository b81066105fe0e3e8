package dev.tollgate.ledger;

import java.nio.file.Path;

/**
 * A stretch of a file that is no row.
 *
 * @param file the file
 * @param offset where it begins, in bytes
 * @param bytes how long it is
 * @param atEnd whether nothing readable follows it, as when a row is being written or was never finished
 * @param what what is wrong with it
 */
public record Damage(Path file, long offset, long bytes, boolean atEnd, String what) {

    @Override
    public String toString() {
        return file + " at byte " + offset + ": " + what + " (" + bytes + " bytes "
                + (atEnd ? "at the end" : "passed over") + ")";
    }
}
