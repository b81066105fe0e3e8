/** When the gateway, or a target, has too much to do: calls are refused while refusing still helps, the less urgent first. */
@NullMarked
package dev.tollgate.load;

import org.jspecify.annotations.NullMarked;
