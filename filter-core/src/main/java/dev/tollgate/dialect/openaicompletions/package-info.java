/** OpenAI's legacy completions: one text that the model goes on with. */
@NullMarked
package dev.tollgate.dialect.openaicompletions;

import org.jspecify.annotations.NullMarked;
