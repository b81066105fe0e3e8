/** What models cost, as price lists say it: rates by kind of token, size of the call, service tier and date; and two formats. */
@NullMarked
package dev.tollgate.tariff;

import org.jspecify.annotations.NullMarked;
