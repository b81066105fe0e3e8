package dev.tollgate.config;

import dev.tollgate.provider.ProviderRows;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a configuration is read against: what its references refer to, the known providers, and the addresses of hosts.
 *
 * @param addresses the addresses of a host name; none when it has none
 */
record Surroundings(References references, ProviderRows rows, Function<String, List<InetAddress>> addresses) {

    static Surroundings of(Map<String, String> environment) {
        return new Surroundings(
                new References(environment, JndiLookup::find), ProviderRows.shipped(), Surroundings::lookUp);
    }

    private static List<InetAddress> lookUp(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }
}
