package dev.tollgate.load;

/**
 * What the JVM says of the part of its heap where things live that are kept.
 *
 * @param needed what was in use after it was last cleaned, in bytes
 * @param used what is in use now, garbage included, in bytes
 * @param max the most it can hold, in bytes
 */
record HeapReading(long needed, long used, long max) {}
