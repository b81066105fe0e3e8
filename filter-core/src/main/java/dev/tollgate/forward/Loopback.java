package dev.tollgate.forward;

/** Names of this very host, to which no proxy leads. */
final class Loopback {
    private Loopback() {}

    static boolean is(String host) {
        String name = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return name.equalsIgnoreCase("localhost")
                || name.toLowerCase(java.util.Locale.ROOT).endsWith(".localhost")
                || name.equals("::1")
                || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}
