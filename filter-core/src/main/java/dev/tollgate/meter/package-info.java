/** One record per call, handed to every sink: log line, metrics, answer headers. */
@NullMarked
package dev.tollgate.meter;

import org.jspecify.annotations.NullMarked;
