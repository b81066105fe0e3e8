/** Event streams: framing read and written, and relayed to the caller with bounded memory in both directions. */
@NullMarked
package dev.tollgate.stream;

import org.jspecify.annotations.NullMarked;
