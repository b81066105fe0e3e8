/**
 * OpenAI Responses. Each file reads or writes one kind of thing: requests, their items, whole answers, the events of a
 * stream.
 */
@NullMarked
package dev.tollgate.dialect.openairesponses;

import org.jspecify.annotations.NullMarked;
