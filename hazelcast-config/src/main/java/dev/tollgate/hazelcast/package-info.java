/** Request limits shared by the nodes of a cluster: Bucket4j buckets in a Hazelcast member inside each node's JVM. */
@NullMarked
package dev.tollgate.hazelcast;

import org.jspecify.annotations.NullMarked;
