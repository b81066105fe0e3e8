/**
 * How much was used, rolled up by the hour and by the day: each node adds up its own rows, publishes its totals, and reads
 * those of all.
 */
@NullMarked
package dev.tollgate.usage;

import org.jspecify.annotations.NullMarked;
