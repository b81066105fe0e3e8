/** What would become of a call: how it is asked about, and how it is told. Nothing here makes calls. */
@NullMarked
package dev.tollgate.explain;

import org.jspecify.annotations.NullMarked;
