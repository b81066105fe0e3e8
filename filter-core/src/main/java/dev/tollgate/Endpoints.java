package dev.tollgate;

import dev.tollgate.config.Settings.Metrics;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Dialects;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which paths the gateway serves, and what each asks for. */
final class Endpoints {
    static final String LIVE = "/tollgate/health/live";
    private static final String READY = "/tollgate/health/ready";

    private final Dialect openAi;
    private final Dialect anthropic;
    private final List<Base> bases;

    /** A base path, and the one dialect whose paths stand behind it; null where all do. */
    private record Base(String prefix, @Nullable Dialect dialect) {}

    Endpoints(Dialects dialects) {
        this.openAi = dialects.byId("openai-chat");
        this.anthropic = dialects.byId("anthropic");
        this.bases =
                List.of(new Base("/openai/v1/", openAi), new Base("/anthropic/v1/", anthropic), new Base("/v1/", null));
    }

    /**
     * What a request asks for; empty when its path is not the gateway's.
     *
     * @param anthropicCaller whether the request has the header that only Anthropic's SDKs send, which tells the dialects
     *     apart where they share a path
     */
    Optional<Endpoint> find(String method, String path, boolean anthropicCaller, @Nullable Metrics metrics) {
        if (metrics != null && path.equals(metrics.path())) {
            return Optional.of(get(method, Endpoint.Kind.METRICS, path));
        }
        return switch (path) {
            case READY -> Optional.of(get(method, Endpoint.Kind.READY, path));
            case LIVE -> Optional.of(get(method, Endpoint.Kind.LIVE, path));
            case "/api/hello" -> method.equals("HEAD") ? Optional.of(of(Endpoint.Kind.HELLO, path)) : Optional.empty();
            default ->
                bases.stream()
                        .filter(base -> path.startsWith(base.prefix()))
                        .findFirst()
                        .flatMap(base ->
                                below(base, method, path.substring(base.prefix().length()), anthropicCaller));
        };
    }

    private Optional<Endpoint> below(Base base, String method, String rest, boolean anthropicCaller) {
        Dialect own = base.dialect() != null ? base.dialect() : anthropicCaller ? anthropic : openAi;
        if (rest.equals("chat/completions") && base.dialect() != anthropic) {
            return Optional.of(post(method, base.prefix() + rest, openAi));
        }
        if (rest.equals("messages") && base.dialect() != openAi) {
            return Optional.of(post(method, base.prefix() + rest, anthropic));
        }
        if (rest.equals("models")) {
            return Optional.of(read(method, Endpoint.Kind.MODELS, base.prefix() + rest, own, null));
        }
        if (rest.startsWith("models/") && rest.length() > "models/".length() && !method.equals("POST")) {
            String id = rest.substring("models/".length());
            return Optional.of(read(method, Endpoint.Kind.MODEL, base.prefix() + "models/{id}", own, id));
        }
        return Optional.empty();
    }

    private static Endpoint post(String method, String template, Dialect dialect) {
        Endpoint.Kind kind = method.equals("POST") ? Endpoint.Kind.CALL : Endpoint.Kind.WRONG_METHOD;
        return new Endpoint(kind, template, dialect, null);
    }

    private static Endpoint read(
            String method, Endpoint.Kind kind, String template, Dialect dialect, @Nullable String argument) {
        boolean reads = method.equals("GET") || method.equals("HEAD");
        return new Endpoint(reads ? kind : Endpoint.Kind.WRONG_METHOD, template, dialect, argument);
    }

    private Endpoint get(String method, Endpoint.Kind kind, String path) {
        return read(method, kind, path, openAi, null);
    }

    private Endpoint of(Endpoint.Kind kind, String path) {
        return new Endpoint(kind, path, openAi, null);
    }

    /** The answer for a path that nothing is served at. */
    Endpoint nothing() {
        return of(Endpoint.Kind.NOTHING, "other");
    }
}
