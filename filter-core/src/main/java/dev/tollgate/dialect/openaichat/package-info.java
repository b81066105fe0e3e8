/**
 * OpenAI chat completions, as OpenAI and the many providers that imitate it speak it. Each file reads or writes one kind of
 * thing: requests, their messages, whole answers, streamed chunks, errors.
 */
@NullMarked
package dev.tollgate.dialect.openaichat;

import org.jspecify.annotations.NullMarked;
