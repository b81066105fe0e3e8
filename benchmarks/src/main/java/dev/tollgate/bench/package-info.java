/** Measures Tollgate beside a plain reverse proxy and beside no proxy at all, in one run. Read {@link Benchmark} first. */
@NullMarked
package dev.tollgate.bench;

import org.jspecify.annotations.NullMarked;
