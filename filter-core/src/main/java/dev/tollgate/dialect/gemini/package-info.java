/**
 * Google's {@code generateContent}, which the Gemini API and Vertex AI share. Each file reads or writes one kind of thing:
 * requests, their parts, whole answers, the chunks of a stream, errors, counts of tokens.
 */
@NullMarked
package dev.tollgate.dialect.gemini;

import org.jspecify.annotations.NullMarked;
