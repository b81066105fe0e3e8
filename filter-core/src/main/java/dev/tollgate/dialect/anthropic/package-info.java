/**
 * Anthropic Messages. Each file reads or writes one kind of thing: requests, their blocks, whole answers, the events of a
 * stream, errors.
 */
@NullMarked
package dev.tollgate.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
