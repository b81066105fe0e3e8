/** The gateway as a valve of Tomcat, in front of one application or of all. */
@NullMarked
package dev.tollgate.tomcat;

import org.jspecify.annotations.NullMarked;
