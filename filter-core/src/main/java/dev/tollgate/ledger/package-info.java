/**
 * What every attempt and every call came to: rows in append-only files of this node, durable before the caller has the last of
 * its answer. The ledger is the truth about money; limits are a fast hint of it.
 */
@NullMarked
package dev.tollgate.ledger;

import org.jspecify.annotations.NullMarked;
