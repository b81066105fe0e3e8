package dev.tollgate.cluster;

import dev.tollgate.config.Settings;

/** Makes this node a member of a cluster; the one found by {@link java.util.ServiceLoader} replaces what is local. */
public interface ClusterProvider {

    /** Joins. Called once for the life of the gateway, when the configuration has a {@code cluster} section. */
    SharedState open(Settings.Cluster cluster);
}
