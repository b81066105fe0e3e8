/** How many tokens a call may use, guessed before it is sent and where nobody reports what it used. */
@NullMarked
package dev.tollgate.estimate;

import org.jspecify.annotations.NullMarked;
