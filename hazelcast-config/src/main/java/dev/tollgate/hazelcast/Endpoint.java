package dev.tollgate.hazelcast;

import dev.tollgate.config.NetworkAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** A member's address and port. */
record Endpoint(String host, int port) {
    static final int DEFAULT_PORT = 5701;

    /** Reads {@code host}, {@code host:port} or {@code [v6]:port}; a bare IPv6 address is one without a port. */
    static Endpoint parse(String text) {
        return parse(text, DEFAULT_PORT);
    }

    static Endpoint parse(String text, int otherwise) {
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            String rest = text.substring(bracket + 1);
            return new Endpoint(text.substring(1, bracket), rest.startsWith(":") ? port(rest.substring(1)) : otherwise);
        }
        int colon = text.indexOf(':');
        if (colon < 0 || text.indexOf(':', colon + 1) >= 0) {
            return new Endpoint(text, otherwise);
        }
        return new Endpoint(text.substring(0, colon), port(text.substring(colon + 1)));
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
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }

    /** Whether the address can be reached only from this machine or from a private network. */
    boolean isInternal() {
        try {
            return NetworkAddress.isInternal(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The same with the name's address in the place of a name. */
    Endpoint resolved() {
        try {
            return new Endpoint(InetAddress.getByName(host).getHostAddress(), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("cluster: no address is known for " + host, e);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
