/** The servlet edge: the only package that sees {@code jakarta.servlet}. */
@NullMarked
package dev.tollgate.servlet;

import org.jspecify.annotations.NullMarked;
