/** Calls to providers: attempts, deadlines and fallback over one pooled, non-blocking HTTP client. */
@NullMarked
package dev.tollgate.forward;

import org.jspecify.annotations.NullMarked;
