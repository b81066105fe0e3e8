/** The wire formats of reranking. */
@NullMarked
package dev.tollgate.dialect.rerank;

import org.jspecify.annotations.NullMarked;
