package dev.tollgate.limit;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Network addresses as limits count them. */
final class Addresses {

    private Addresses() {}

    /**
     * The address, or for IPv6 the /64 it is part of: one subscriber has the whole of it, and could otherwise be a new
     * caller with every call.
     */
    static String counted(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            // With a colon in it the text is never looked up as a host name.
            byte[] bytes = InetAddress.getByName(withoutZone(address)).getAddress();
            return bytes.length == 16 ? prefix(bytes) : dotted(bytes);
        } catch (UnknownHostException e) {
            return address;
        }
    }

    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    private static String prefix(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i += 2) {
            text.append(Integer.toHexString((bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff)));
            text.append(':');
        }
        return text.append(":/64").toString();
    }

    private static String dotted(byte[] bytes) {
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }
}
