package dev.tollgate.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The addresses that begin with the same bits, as {@code 10.0.0.0/8}.
 *
 * @param base one of them
 * @param bits how many bits they have in common
 */
public record NetworkAddress(InetAddress base, int bits) {
    private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final int UNIQUE_LOCAL = 0xfc;

    /** Reads {@code address/bits}; empty for anything else. */
    public static Optional<NetworkAddress> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(text.substring(slash + 1));
        return literal(text.substring(0, slash))
                .filter(base -> bits <= base.getAddress().length * Byte.SIZE)
                .map(base -> new NetworkAddress(base, bits));
    }

    /** The address that a text is, with or without a port or brackets; empty for a name, which is not looked up. */
    static Optional<InetAddress> literal(String text) {
        String host = text.startsWith("[") ? text.substring(1, Math.max(1, text.indexOf(']'))) : withoutPort(text);
        if (!V4.matcher(host).matches() && !V6.matcher(host).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static String withoutPort(String text) {
        int colon = text.indexOf(':');
        return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }

    /** Whether a text is an address, or a network of addresses, that others than neighbours can reach. */
    static boolean isPublicLiteral(String text) {
        return parse(text).map(NetworkAddress::base).or(() -> literal(text)).stream()
                .anyMatch(address -> !isInternal(address));
    }

    /** Whether an address can be reached only from this machine or from a private network. */
    public static boolean isInternal(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || isUniqueLocal(address.getAddress());
    }

    // fc00::/7, which Java has no question for.
    private static boolean isUniqueLocal(byte[] bytes) {
        return bytes.length == 16 && (bytes[0] & 0xfe) == UNIQUE_LOCAL;
    }

    /** Whether an address is one of these. */
    public boolean contains(InetAddress address) {
        byte[] mine = base.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((mine[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
