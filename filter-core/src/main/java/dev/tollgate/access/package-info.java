/** Who is calling: credentials in every form the SDKs use become one {@link dev.tollgate.access.Caller}, or a refusal. */
@NullMarked
package dev.tollgate.access;

import org.jspecify.annotations.NullMarked;
