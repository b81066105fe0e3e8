/** The neutral form of a chat call: what every dialect can say, and a labelled place for what only one can. It imports nothing else of the project. */
@NullMarked
package dev.tollgate.chat;

import org.jspecify.annotations.NullMarked;
