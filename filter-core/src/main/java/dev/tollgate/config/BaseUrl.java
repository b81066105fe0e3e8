package dev.tollgate.config;

import dev.tollgate.config.Scalar.NotOne;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Rules for the base URLs of providers: no credentials inside, and no plain HTTP into the open. */
final class BaseUrl {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[.*]");

    /** Names that never belong to a public host: RFC 6761, RFC 8375, ICANN's ".internal", and what intranets use. */
    private static final List<String> PRIVATE_DOMAINS =
            List.of(".localhost", ".internal", ".local", ".home.arpa", ".lan", ".intranet", ".svc", ".test");

    private BaseUrl() {}

    /** The URL without a slash at its end, if it can be a base URL. */
    static URI checked(URI url) throws NotOne {
        if ("echo".equals(url.getScheme())) {
            return url;
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new NotOne("is not a URL that begins with https:// or http://");
        }
        if (url.getRawUserInfo() != null) {
            throw new NotOne("holds a user or password; write the key as api-key");
        }
        if (url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new NotOne("is not a URL of host and path alone");
        }
        return withoutLastSlash(url);
    }

    private static URI withoutLastSlash(URI url) throws NotOne {
        String path = url.getRawPath();
        try {
            return path.endsWith("/") ? new URI(url.toString().replaceAll("/+$", "")) : url;
        } catch (URISyntaxException e) {
            throw new NotOne("is not a URL");
        }
    }

    /** Whether calls to a URL stay encrypted or at home. */
    static boolean isSafe(URI url, Function<String, List<InetAddress>> addresses) {
        String host = url.getHost();
        if (!"http".equalsIgnoreCase(url.getScheme()) || host == null) {
            return true;
        }
        if (!LITERAL.matcher(host).matches() && isPrivateName(host.toLowerCase(Locale.ROOT))) {
            return true;
        }
        List<InetAddress> found = addresses.apply(host);
        return !found.isEmpty() && found.stream().allMatch(BaseUrl::isPrivate);
    }

    private static boolean isPrivateName(String host) {
        return host.indexOf('.') < 0 || PRIVATE_DOMAINS.stream().anyMatch(host::endsWith);
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean uniqueLocal = octets.length == 16 && (octets[0] & 0xfe) == 0xfc; // RFC 4193
        return address.isLoopbackAddress() || address.isSiteLocalAddress() || uniqueLocal;
    }

    /** The piece of a base URL's end that the provider's own path repeats, or an empty string. */
    static String repeated(URI url, String path) {
        String base = String.valueOf(url.getRawPath());
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (base.endsWith(path.substring(0, end))) {
                return path.substring(0, end);
            }
        }
        return "";
    }
}
