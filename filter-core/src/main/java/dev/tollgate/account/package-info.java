/** What calls may cost, and what they did: reserved before anything is sent, and settled exactly once on every way out. */
@NullMarked
package dev.tollgate.account;

import org.jspecify.annotations.NullMarked;
