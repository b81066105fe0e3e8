package dev.tollgate.forward;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The hosts that media may be fetched from, as the operator lists them. Everything else is refused. */
final class AllowedHosts {
    private static final String PLAIN = "http://";

    private final Set<String> listed = new HashSet<>();

    AllowedHosts(List<String> hosts) {
        hosts.forEach(host -> listed.add(host.toLowerCase(Locale.ROOT)));
    }

    /** A URL that may be fetched, if its host's addresses may; empty for any other. */
    Optional<URI> permit(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        String host = uri.getHost();
        boolean plain = "http".equalsIgnoreCase(uri.getScheme());
        boolean web = plain || "https".equalsIgnoreCase(uri.getScheme());
        if (host == null || !web || uri.getRawUserInfo() != null) {
            return Optional.empty();
        }
        String named = (plain ? PLAIN : "") + host.toLowerCase(Locale.ROOT);
        int usual = plain ? 80 : 443;
        boolean atUsualPort = uri.getPort() < 0 || uri.getPort() == usual;
        boolean allowed = (atUsualPort && listed.contains(named)) || listed.contains(named + ':' + uri.getPort());
        return allowed ? Optional.of(uri) : Optional.empty();
    }

    /** Whether an address may be connected to: a public one, or one that is listed itself. */
    boolean permit(InetAddress address) {
        return PublicAddress.is(address) || isListed(address.getHostAddress());
    }

    private boolean isListed(String address) {
        String literal = address.indexOf(':') < 0 ? address : '[' + address + ']';
        return listed.stream()
                .map(each -> each.startsWith(PLAIN) ? each.substring(PLAIN.length()) : each)
                .anyMatch(each -> each.equals(literal) || each.startsWith(literal + ':'));
    }
}
