/** The gateway as a handler of Jetty's core, inside a server that somebody else runs or on its own. */
@NullMarked
package dev.tollgate.jetty;

import org.jspecify.annotations.NullMarked;
