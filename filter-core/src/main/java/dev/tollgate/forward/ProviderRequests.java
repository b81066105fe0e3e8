package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Header;
import dev.tollgate.RelayPath;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the request of an attempt. Its headers are an allow-list: nothing of the caller's goes on but what the row names. */
final class ProviderRequests {
    /** Whatever framing the provider streams in, server-sent events best. */
    private static final String STREAMS =
            "text/event-stream, application/vnd.amazon.eventstream, application/x-ndjson, application/json;q=0.5";

    private final String userAgent;

    ProviderRequests(String version) {
        this.userAgent = "tollgate/" + version;
    }

    UpstreamRequest of(Call call, Candidate candidate, Way way, byte[] body) {
        Provider provider = candidate.provider();
        URI uri = address(provider.baseUrl() + way.path(candidate.model(), call.stream()));
        List<Header> headers = headers(call, provider, way.dialect());
        return UpstreamRequest.post(
                provider, uri, headers, body, call.plan().model().timeouts().connect());
    }

    /** A path may go up from the base URL, never by a model's name: that is encoded, and is no model if it means "up". */
    private static URI address(String text) {
        URI uri = URI.create(text);
        return text.contains("/../") ? uri.normalize() : uri;
    }

    /** The request of a call that is not translated: to the same place below the provider's base URL. */
    UpstreamRequest relay(
            Call call, Candidate candidate, Way way, RelayPath path, @Nullable String contentType, UpstreamBody body) {
        Provider provider = candidate.provider();
        URI uri = address(provider.baseUrl()
                + path.below(way, candidate.model(), call.exchange().target().query()));
        Map<String, Header> headers = new LinkedHashMap<>();
        if (contentType != null) {
            put(headers, new Header("Content-Type", contentType));
        }
        put(headers, new Header("Accept", "*/*"));
        forward(call, "accept", headers);
        addOurs(call, provider, way.dialect(), headers);
        return new UpstreamRequest(
                provider,
                call.exchange().method(),
                uri,
                List.copyOf(headers.values()),
                body,
                call.plan().model().timeouts().connect());
    }

    /** Later ones replace earlier ones of the same name: the credential is last, so that nothing can stand in for it. */
    private List<Header> headers(Call call, Provider provider, String dialect) {
        Map<String, Header> headers = new LinkedHashMap<>();
        put(headers, new Header("Content-Type", "application/json"));
        put(headers, new Header("Accept", call.stream() ? STREAMS : "application/json"));
        addOurs(call, provider, dialect, headers);
        return List.copyOf(headers.values());
    }

    private void addOurs(Call call, Provider provider, String dialect, Map<String, Header> headers) {
        put(headers, new Header("Accept-Encoding", "identity"));
        put(headers, new Header("User-Agent", userAgent));
        provider.quirks().headers().forEach((name, value) -> put(headers, new Header(name, value)));
        if (dialect.equals(call.endpoint().format().id())) {
            provider.quirks().forwards().forEach(name -> forward(call, name, headers));
        }
        if (provider.credential() instanceof Credential.Fixed fixed) {
            fixed.headers().forEach(header -> put(headers, header));
        }
    }

    private static void forward(Call call, String name, Map<String, Header> headers) {
        List<String> values = call.exchange().headers(name);
        if (!values.isEmpty() && values.stream().allMatch(ProviderRequests::isPlain)) {
            put(headers, new Header(name, String.join(", ", values)));
        }
    }

    private static boolean isPlain(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f));
    }

    private static void put(Map<String, Header> headers, Header header) {
        headers.put(header.name().toLowerCase(Locale.ROOT), header);
    }
}
