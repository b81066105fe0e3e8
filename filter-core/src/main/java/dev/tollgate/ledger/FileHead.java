package dev.tollgate.ledger;

import java.time.Instant;

/**
 * What a file says of itself in its first row.
 *
 * @param node the id of the node that wrote it
 * @param number the file's number among the node's, from 1; later files have higher ones
 * @param opened when it was begun; no row of an earlier file was written later
 */
record FileHead(String node, long number, Instant opened) {

    /** The format of the files that this version writes; it reads all up to this one. */
    static final int FORMAT = 1;
}
