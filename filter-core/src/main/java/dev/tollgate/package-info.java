/**
 * The gateway: {@link dev.tollgate.Gateway} shows the whole way of a call on one screen, and the packages below are its
 * steps. What every step shares (the exchange, the refusal, the closed list of error codes) stands here.
 */
@NullMarked
package dev.tollgate;

import org.jspecify.annotations.NullMarked;
