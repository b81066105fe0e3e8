/** Which provider made what, and for whom: files, batches and stored responses lead back there and to nobody else. */
@NullMarked
package dev.tollgate.pin;

import org.jspecify.annotations.NullMarked;
