/** How targets are doing: whether their circuits are closed, their credentials usable and their limits not spent, and how fast they are. */
@NullMarked
package dev.tollgate.health;

import org.jspecify.annotations.NullMarked;
