package dev.tollgate.forward;

import dev.tollgate.Header;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The headers of a provider's answer: read by name, and the few of them that a caller may see. */
final class ProviderHeaders {
    /** What SDKs of the provider's own dialect read. Limits, cookies and everything else are the gateway's business. */
    private static final Set<String> SAFE =
            Set.of("request-id", "x-request-id", "openai-processing-ms", "openai-version");

    private ProviderHeaders() {}

    static Optional<String> find(List<Header> headers, String name) {
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return Optional.of(header.value());
            }
        }
        return Optional.empty();
    }

    /** The media type without parameters, in lower case; empty when there is none. */
    static String mediaType(List<Header> headers) {
        String value = find(headers, "content-type").orElse("");
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    static boolean isCompressed(List<Header> headers) {
        return !find(headers, "content-encoding").orElse("identity").equalsIgnoreCase("identity");
    }

    static List<Header> safe(List<Header> headers) {
        return headers.stream()
                .filter(header -> SAFE.contains(header.name().toLowerCase(Locale.ROOT)))
                .map(header ->
                        new Header(header.name().toLowerCase(Locale.ROOT), AnswerHeaders.printable(header.value())))
                .toList();
    }
}
