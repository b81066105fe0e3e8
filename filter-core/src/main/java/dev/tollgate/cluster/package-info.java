/**
 * What the nodes of a cluster share (counts of limits, pins), and how the module that shares it is found. Without a
 * {@code cluster} section in the configuration each node keeps its own.
 */
@NullMarked
package dev.tollgate.cluster;

import org.jspecify.annotations.NullMarked;
