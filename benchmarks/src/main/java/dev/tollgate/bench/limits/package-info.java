/** What it costs to take a call's share of limits: of those of one JVM, of leases, and of a cluster that is asked each time. */
@NullMarked
package dev.tollgate.bench.limits;

import org.jspecify.annotations.NullMarked;
