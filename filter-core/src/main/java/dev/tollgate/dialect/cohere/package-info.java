/** The dialect of Cohere's chat, version 2. Each file reads or writes one kind of thing. */
@NullMarked
package dev.tollgate.dialect.cohere;

import org.jspecify.annotations.NullMarked;
