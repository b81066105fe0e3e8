/** The caller's body: read once, capped, checked, and peeked at. */
@NullMarked
package dev.tollgate.receive;

import org.jspecify.annotations.NullMarked;
