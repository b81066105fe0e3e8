/** What a node has in hand of the limits that all nodes of a cluster share, so that most calls need not ask the others. */
@NullMarked
package dev.tollgate.lease;

import org.jspecify.annotations.NullMarked;
