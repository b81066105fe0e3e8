/** From the model name a caller asks for to the ordered targets that may answer it. */
@NullMarked
package dev.tollgate.route;

import org.jspecify.annotations.NullMarked;
