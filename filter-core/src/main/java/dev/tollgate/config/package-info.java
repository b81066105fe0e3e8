/** The configuration file: one descriptor per setting yields the reader, the JSON Schema, the reference table and the masked view. */
@NullMarked
package dev.tollgate.config;

import org.jspecify.annotations.NullMarked;
