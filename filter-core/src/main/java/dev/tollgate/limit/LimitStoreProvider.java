package dev.tollgate.limit;

import dev.tollgate.config.Settings;

/** Makes a {@link LimitStore} from the configuration; the one found by {@link java.util.ServiceLoader} replaces the local store. */
public interface LimitStoreProvider {

    /** Opens the store. Called once for the life of the gateway, when the configuration has a {@code cluster} section. */
    LimitStore open(Settings.Cluster cluster);
}
