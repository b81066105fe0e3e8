/** A provider that answers at once with the same answer, so that what is measured is what stands in front of it. */
@NullMarked
package dev.tollgate.bench.upstream;

import org.jspecify.annotations.NullMarked;
