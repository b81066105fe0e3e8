/** Rules on the content of a call, on the way in. */
@NullMarked
package dev.tollgate.guard;

import org.jspecify.annotations.NullMarked;
