package dev.tollgate.hazelcast;

import dev.tollgate.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;

/** A member's address and port. */
record Endpoint(String host, int port) {
    static final int DEFAULT_PORT = 5701;

    /** Reads {@code host}, {@code host:port} or {@code [v6]:port}; a bare IPv6 address is one without a port. */
    static Endpoint parse(String text) {
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            String rest = text.substring(bracket + 1);
            return new Endpoint(
                    text.substring(1, bracket), rest.startsWith(":") ? port(rest.substring(1)) : DEFAULT_PORT);
        }
        int colon = text.indexOf(':');
        if (colon < 0 || text.indexOf(':', colon + 1) >= 0) {
            return new Endpoint(text, DEFAULT_PORT);
        }
        return new Endpoint(text.substring(0, colon), port(text.substring(colon + 1)));
    }

    /**
     * The endpoint that this node binds to: the configured one, or the one member that is an address of this machine. A
     * configured address without a port takes that of the member at the same address.
     */
    static Endpoint toBind(Settings.Cluster cluster) {
        List<Endpoint> members = cluster.members().stream().map(Endpoint::parse).toList();
        String bind = cluster.bind();
        if (bind == null) {
            return onlyOne(members.stream().filter(Endpoint::isHere).toList());
        }
        Endpoint wanted = parse(bind);
        if (hasPort(bind)) {
            return wanted;
        }
        List<Endpoint> same = members.stream()
                .filter(member -> member.host.equalsIgnoreCase(wanted.host))
                .toList();
        return same.size() == 1 ? same.get(0) : wanted;
    }

    private static Endpoint onlyOne(List<Endpoint> here) {
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

    private static int port(String text) {
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("cluster: no such port: " + text);
        }
        return port;
    }

    /** Whether the address belongs to this machine. */
    boolean isHere() {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (UnknownHostException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the address can be reached only from this machine or from a private network. */
    boolean isInternal() {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress()
                    || address.isSiteLocalAddress()
                    || address.isLinkLocalAddress()
                    || isUniqueLocal(address.getAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }

    // fc00::/7, which Java has no question for.
    private static boolean isUniqueLocal(byte[] bytes) {
        return bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
