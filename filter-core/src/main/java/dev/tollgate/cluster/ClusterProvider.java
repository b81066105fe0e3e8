package dev.tollgate.cluster;

import dev.tollgate.config.Settings;

/** Makes this node a member of a cluster; the one found by {@link java.util.ServiceLoader} replaces what is local. */
public interface ClusterProvider {

    /**
     * Joins. Called once for the life of the gateway, when the configuration has a {@code cluster} section.
     *
     * @param nodeId this node's own id, the same over restarts where it has a ledger
     */
    Grid open(Settings.Cluster cluster, String nodeId);
}
