package dev.tollgate.access;

import dev.tollgate.Exchange;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys that a request shows, in every place where one of the SDKs puts a key. {@code Authorization} with another scheme
 * than {@code Bearer} is the container's business and not looked at.
 */
final class ShownKeys {
    private static final List<String> HEADERS = List.of("x-api-key", "api-key", "x-goog-api-key");
    private static final String BEARER = "bearer ";
    private static final String SIGNATURE = "AWS4-";
    private static final String PARAMETER = "key=";

    private final Set<String> texts = new LinkedHashSet<>();

    private ShownKeys() {}

    /** The different keys an exchange shows; blank ones do not count. */
    static Set<String> of(Exchange exchange) {
        ShownKeys shown = new ShownKeys();
        exchange.headers("authorization").forEach(shown::addBearer);
        HEADERS.forEach(name -> exchange.headers(name).forEach(shown::add));
        for (String pair : exchange.target().query().split("&")) {
            if (pair.startsWith(PARAMETER)) {
                shown.add(pair.substring(PARAMETER.length()));
            }
        }
        return shown.texts;
    }

    /** Whether a request has a signature of AWS's, as its SDKs make by default, in the place of a key. */
    static boolean isSigned(Exchange exchange) {
        return exchange.headers("authorization").stream()
                .anyMatch(value -> value.strip().startsWith(SIGNATURE));
    }

    private void addBearer(String value) {
        String trimmed = value.strip();
        if (trimmed.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            add(trimmed.substring(BEARER.length()));
        }
    }

    private void add(String text) {
        String trimmed = text.strip();
        if (!trimmed.isEmpty()) {
            texts.add(trimmed);
        }
    }
}
