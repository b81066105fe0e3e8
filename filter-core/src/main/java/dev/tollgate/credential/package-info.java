/**
 * Who calls providers: keys, signatures of AWS's, tokens of Google's and Microsoft's. Tokens are asked for ahead of their end,
 * once for all calls, and never on the way of one.
 */
@NullMarked
package dev.tollgate.credential;

import org.jspecify.annotations.NullMarked;
