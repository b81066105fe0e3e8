/** Chooses among the targets of a call: who is passed over, who is asked first, and who keeps the calls that it has served before. */
@NullMarked
package dev.tollgate.choose;

import org.jspecify.annotations.NullMarked;
