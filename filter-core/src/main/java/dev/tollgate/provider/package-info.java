/** Providers as data: where they are, which dialects they speak, how they authenticate, what is odd about them. */
@NullMarked
package dev.tollgate.provider;

import org.jspecify.annotations.NullMarked;
