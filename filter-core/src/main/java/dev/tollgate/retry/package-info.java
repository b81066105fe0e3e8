/** How often calls are tried again: so that failures that pass cost callers nothing, and those that last make no storm. */
@NullMarked
package dev.tollgate.retry;

import org.jspecify.annotations.NullMarked;
