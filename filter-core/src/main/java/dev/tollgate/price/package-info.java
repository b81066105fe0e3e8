/** What calls cost: the prices that come with the release, those of the configuration and those of its price files. */
@NullMarked
package dev.tollgate.price;

import org.jspecify.annotations.NullMarked;
