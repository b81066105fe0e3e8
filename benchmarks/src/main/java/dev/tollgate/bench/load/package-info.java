/** Makes calls over many connections from one thread: as many as go, at a steady rate, or held open. */
@NullMarked
package dev.tollgate.bench.load;

import org.jspecify.annotations.NullMarked;
