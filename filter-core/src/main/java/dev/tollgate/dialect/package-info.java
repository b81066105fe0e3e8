/** Translation between the wire formats that callers and providers speak. Each format is one folder; none knows another. */
@NullMarked
package dev.tollgate.dialect;

import org.jspecify.annotations.NullMarked;
