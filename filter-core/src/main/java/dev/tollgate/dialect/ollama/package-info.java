/** Ollama's own chat, whose streams are lines of JSON. */
@NullMarked
package dev.tollgate.dialect.ollama;

import org.jspecify.annotations.NullMarked;
