/** How much a caller may still use: reserve before sending, settle exactly once on every way out. */
@NullMarked
package dev.tollgate.limit;

import org.jspecify.annotations.NullMarked;
