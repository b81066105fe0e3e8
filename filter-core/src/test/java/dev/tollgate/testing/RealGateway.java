package dev.tollgate.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The gateway as its users run it: its JAR and its configuration, and nothing else, in an application of a real server; behind
 * it a {@link FakeProvider}, whose models it offers as {@code oai-…} in OpenAI's dialects, as {@code chat-…} in that of chat
 * completions only, as {@code ant-…} in Anthropic's and as {@code gem-…} in Gemini's; those called {@code coh-…} only embed, in
 * Cohere's format. The model {@code sturdy} fails in OpenAI's dialect and falls back to Anthropic's.
 */
public final class RealGateway implements AutoCloseable {
    /** A key that may use all models. */
    public static final String KEY = "tg-all-0123456789abcdef0123456789abcdef";

    /** A key that may only use the models called {@code plain}. */
    public static final String PLAIN_KEY = "tg-plain-0123456789abcdef0123456789abcdef";

    /** A key that may make one call a second. */
    public static final String SLOW_KEY = "tg-slow-0123456789abcdef0123456789abcdef";

    /** A key that may make one call at a time. */
    public static final String SINGLE_KEY = "tg-single-0123456789abcdef0123456789abcdef";

    /** A key that was once valid. */
    public static final String EXPIRED_KEY = "tg-expired-0123456789abcdef0123456789abcdef";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final FakeProvider provider;
    private final ServerProcess server;

    private RealGateway(FakeProvider provider, ServerProcess server) {
        this.provider = provider;
        this.server = server;
    }

    /** @param name what the server's base folder is called */
    public static RealGateway start(Servers kind, String name) {
        FakeProvider provider = new FakeProvider();
        try {
            Webapp app = Webapp.named("ai").withGateway().with("WEB-INF/tollgate.yaml", configuration(provider.uri()));
            return new RealGateway(provider, ServerProcess.start(kind, name, FakeProvider.environment(), app));
        } catch (RuntimeException e) {
            provider.close();
            throw e;
        }
    }

    /** A configuration with a provider at an address. */
    public static String configuration(URI provider) {
        return """
                providers:
                  oai: { like: openai, base-url: "%1$s/v1", api-key: "${env:FAKE_OPENAI_KEY}" }
                  ant: { like: anthropic, base-url: "%1$s", api-key: "${env:FAKE_ANTHROPIC_KEY}" }
                  chat: { like: openai-compatible, base-url: "%1$s/v1", api-key: "${env:FAKE_OPENAI_KEY}" }
                  gem: { like: gemini, base-url: "%1$s", api-key: "${env:FAKE_OPENAI_KEY}" }
                  coh: { like: cohere, base-url: "%1$s", api-key: "${env:FAKE_OPENAI_KEY}" }
                models:
                  "chat-*": { targets: [ { use: "chat/*" } ] }
                  "gem-*": { targets: [ { use: "gem/*" } ] }
                  "coh-*": { targets: [ { use: "coh/*" } ] }
                  "oai-*": { targets: [ { use: "oai/*" } ], attempts: 1 }
                  "ant-*": { targets: [ { use: "ant/*" } ], attempts: 1 }
                  oai-silent: { targets: [ { use: oai/silent } ], timeouts: { first-byte: 300ms } }
                  ant-silent: { targets: [ { use: ant/silent } ], timeouts: { first-byte: 300ms } }
                  sturdy: { targets: [ { use: oai/status-500 } ], fallback: [ ant/plain ] }
                keys:
                  - { name: all, sha256: "%2$s", models: ["*"] }
                  - { name: plain, sha256: "%3$s", models: ["oai-plain", "ant-plain"] }
                  - { name: slow, sha256: "%4$s", models: ["*"] }
                  - { name: single, sha256: "%5$s", models: ["*"] }
                  - { name: expired, sha256: "%6$s", models: ["*"], expires: 2020-01-01 }
                limits:
                  - { per: key, of: "key:slow", requests: 1/s }
                  - { per: key, of: "key:single", concurrent: 1 }
                server:
                  metrics: { path: /tollgate/metrics }
                """.formatted(
                provider, sha256(KEY), sha256(PLAIN_KEY), sha256(SLOW_KEY), sha256(SINGLE_KEY), sha256(EXPIRED_KEY));
    }

    /** The digest of a key's text, as the configuration wants it. */
    public static String sha256(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the gateway's paths stand behind. */
    public URI uri() {
        return server.uri("/ai");
    }

    public URI uri(String path) {
        return server.uri("/ai" + path);
    }

    public ServerProcess server() {
        return server;
    }

    public FakeProvider provider() {
        return provider;
    }

    /** The sum of all series of a metric, or 0 when there is none. */
    public double metric(String name) {
        return metrics(server, "/ai")
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The metrics page of a gateway that knows {@link #KEY}. */
    public static String metrics(ServerProcess server, String context) {
        try {
            HttpRequest request = HttpRequest.newBuilder(server.uri(context + "/tollgate/metrics"))
                    .header("authorization", "Bearer " + KEY)
                    .build();
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("no metrics: " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        provider.close();
    }
}
