package dev.tollgate.config;

import dev.tollgate.provider.ProviderRows;
import java.util.Map;

/** Reads the configuration file, or makes the set-up that stands in for it. */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * The set-up without a file: {@code echo}, and each provider whose key the environment holds, with its own model names
     * and with {@code provider/model} for any.
     *
     * @param keySha256 the digest of the one key that callers show
     */
    public static Settings builtIn(Map<String, String> environment, String keySha256) {
        return new BuiltIn(ProviderRows.shipped(), environment).settings(keySha256);
    }
}
