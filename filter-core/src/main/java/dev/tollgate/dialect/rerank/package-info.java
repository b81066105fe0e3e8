/** The wire formats of reranking: that in which callers ask which documents fit a query best, and those in which providers are asked. */
@NullMarked
package dev.tollgate.dialect.rerank;

import org.jspecify.annotations.NullMarked;
