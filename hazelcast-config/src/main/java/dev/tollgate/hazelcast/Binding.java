package dev.tollgate.hazelcast;

import dev.tollgate.config.NetworkAddress;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Discovery;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which of its addresses a node is at: the configured one, or the only one that it can be. */
final class Binding {

    private Binding() {}

    /**
     * The endpoint that this node binds to. A configured address without a port takes that of the member at the same address,
     * or the one port of all members.
     *
     * @throws IllegalArgumentException when the configuration does not say which address this node binds to
     */
    static Endpoint of(Settings.Cluster cluster) {
        String bind = cluster.bind();
        if (bind == null) {
            return onlyOne(cluster);
        }
        Optional<String> own = ownAddress(bind);
        String host = own.orElse(bind);
        int port = portOfAll(cluster.discovery());
        if (own.isEmpty() && hasPort(bind)) {
            return Endpoint.parse(bind);
        }
        Endpoint wanted = own.isEmpty() ? Endpoint.parse(bind, port) : new Endpoint(host, port);
        List<Endpoint> same = cluster.members().stream()
                .map(Endpoint::parse)
                .filter(member -> member.host().equalsIgnoreCase(wanted.host()))
                .toList();
        return same.size() == 1 ? same.get(0) : wanted;
    }

    private static int portOfAll(Discovery discovery) {
        if (discovery instanceof Discovery.Dns dns) {
            return dns.port();
        }
        return discovery instanceof Discovery.Kubernetes kubernetes ? kubernetes.port() : Endpoint.DEFAULT_PORT;
    }

    /** The address of this machine that is in a network or of an interface; empty for a text that is neither. */
    private static Optional<String> ownAddress(String bind) {
        Optional<NetworkAddress> network = NetworkAddress.parse(bind);
        if (network.isPresent()) {
            return Optional.of(only(
                    addresses().stream()
                            .filter(address -> network.get().contains(address))
                            .toList(),
                    "in " + bind));
        }
        NetworkInterface named = interfaceOf(bind);
        return named == null ? Optional.empty() : Optional.of(only(addresses(named), "of " + bind));
    }

    private static String only(List<InetAddress> found, String where) {
        List<InetAddress> v4 =
                found.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> candidates = v4.isEmpty() ? found : v4;
        if (candidates.size() != 1) {
            throw new IllegalArgumentException("cluster: this machine has "
                    + (candidates.isEmpty() ? "no address " : candidates.size() + " addresses ") + where
                    + "; say with 'bind' which one this node is at");
        }
        return candidates.get(0).getHostAddress().replaceFirst("%.*", "");
    }

    private static Endpoint onlyOne(Settings.Cluster cluster) {
        if (cluster.discovery() instanceof Discovery.Members) {
            return onlyMember(cluster.members().stream()
                    .map(Endpoint::parse)
                    .filter(Endpoint::isHere)
                    .toList());
        }
        List<InetAddress> outward = addresses().stream()
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        return new Endpoint(only(outward, "that others can reach"), portOfAll(cluster.discovery()));
    }

    private static Endpoint onlyMember(List<Endpoint> here) {
        if (here.size() != 1) {
            throw new IllegalArgumentException("cluster: " + (here.isEmpty() ? "none" : "more than one")
                    + " of the members is an address of this machine; say with 'bind' which one this node is");
        }
        return here.get(0);
    }

    private static boolean hasPort(String text) {
        return text.startsWith("[")
                ? text.contains("]:")
                : text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
    }

    private static List<InetAddress> addresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<InetAddress> addresses(NetworkInterface named) {
        List<InetAddress> addresses = new ArrayList<>(named.inetAddresses().toList());
        addresses.removeIf(InetAddress::isLinkLocalAddress);
        return addresses;
    }

    private static @Nullable NetworkInterface interfaceOf(String name) {
        try {
            return NetworkInterface.getByName(name);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }
}
