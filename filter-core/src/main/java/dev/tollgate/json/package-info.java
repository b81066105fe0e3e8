/** JSON read strictly and spliced byte for byte. */
@NullMarked
package dev.tollgate.json;

import org.jspecify.annotations.NullMarked;
