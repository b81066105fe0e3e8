/** What the nodes of a cluster share, and how it is found. */
@NullMarked
package dev.tollgate.cluster;

import org.jspecify.annotations.NullMarked;
