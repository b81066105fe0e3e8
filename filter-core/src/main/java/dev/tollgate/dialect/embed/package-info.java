/** The wire formats of embeddings: those in which callers ask for vectors, and those in which providers are asked. */
@NullMarked
package dev.tollgate.dialect.embed;

import org.jspecify.annotations.NullMarked;
