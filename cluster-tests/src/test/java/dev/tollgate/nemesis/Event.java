package dev.tollgate.nemesis;

/**
 * Something that was done to the cluster.
 *
 * @param node whom it was done to; 0 for all
 * @param at when, as of {@link System#nanoTime()}
 */
record Event(String what, int node, long at) {}
