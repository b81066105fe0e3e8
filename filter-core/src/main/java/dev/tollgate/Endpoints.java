package dev.tollgate;

import static dev.tollgate.Route.chat;
import static dev.tollgate.Route.page;
import static dev.tollgate.Route.relay;
import static dev.tollgate.Route.whole;
import static dev.tollgate.provider.Operation.COUNT_TOKENS;
import static dev.tollgate.provider.Operation.EMBED;
import static dev.tollgate.provider.Operation.RERANK;

import dev.tollgate.Endpoint.Kind;
import dev.tollgate.Route.Stream;
import dev.tollgate.config.Settings.ExplainPage;
import dev.tollgate.config.Settings.Metrics;
import dev.tollgate.config.Settings.Server;
import dev.tollgate.config.Settings.UsagePage;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.dialect.Framing;
import dev.tollgate.dialect.WireFormat;
import dev.tollgate.dialect.embed.Embeddings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which paths the gateway serves, and what each asks for. */
final class Endpoints {
    static final String LIVE = "/tollgate/health/live";
    private static final String READY = "/tollgate/health/ready";

    private static final String CHAT = "openai-chat";
    private static final String RESPONSES = "openai-responses";
    private static final String COMPLETIONS = "openai-completions";
    private static final String EMBEDDINGS = "openai-embeddings";
    private static final String RERANKING = "cohere";
    private static final String ANTHROPIC = "anthropic";
    private static final String GEMINI = "gemini";
    private static final String BEDROCK = "bedrock";

    /** A path may be that of several routes; the first that takes the request's method counts. */
    static final List<Route> ROUTES = routes();

    /** Base paths, each in front of the paths of its dialects, the first of which speaks for those it shares with others. */
    static final List<Base> BASES = List.of(
            new Base("/openai", List.of(CHAT, RESPONSES, COMPLETIONS)),
            new Base("/anthropic", List.of(ANTHROPIC)),
            new Base("/genai", List.of(GEMINI)),
            new Base("/bedrock", List.of(BEDROCK)));

    private final Dialects dialects;
    private final Dialect openAi;

    /** The routes of dialects that there are, by the base path in front of them; those at the root without one. */
    private final Map<String, List<Route>> routes = new HashMap<>();

    /** Where the paths of some dialects may stand. */
    record Base(String prefix, List<String> dialects) {
        boolean isOf(String path) {
            return path.startsWith(prefix + '/');
        }

        boolean has(Route route) {
            String dialect = route.dialect();
            return dialect == null || dialects.contains(dialect);
        }
    }

    Endpoints(Dialects dialects) {
        this.dialects = dialects;
        this.openAi = dialects.byId(CHAT);
        List<Route> spoken = ROUTES.stream().filter(this::isSpoken).toList();
        routes.put("", spoken);
        BASES.forEach(base ->
                routes.put(base.prefix(), spoken.stream().filter(base::has).toList()));
    }

    private static List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                chat("/v1/chat/completions", CHAT),
                chat("/openai/deployments/{model}/chat/completions", CHAT),
                chat("/v1/completions", COMPLETIONS),
                chat("/openai/deployments/{model}/completions", COMPLETIONS),
                whole(EMBED, "/v1/embeddings", CHAT, EMBEDDINGS),
                whole(EMBED, "/openai/deployments/{model}/embeddings", CHAT, EMBEDDINGS),
                whole(RERANK, "/v1/rerank", CHAT, RERANKING),
                whole(RERANK, "/v2/rerank", CHAT, RERANKING),
                chat("/v1/responses", RESPONSES),
                whole(COUNT_TOKENS, "/v1/responses/input_tokens", RESPONSES, RESPONSES),
                chat("/v1/messages", ANTHROPIC),
                whole(COUNT_TOKENS, "/v1/messages/count_tokens", ANTHROPIC, ANTHROPIC),
                chat("/model/{model}/converse", BEDROCK, false, Stream.AWS_EVENTS),
                chat("/model/{model}/converse-stream", BEDROCK, true, Stream.AWS_EVENTS),
                whole(COUNT_TOKENS, "/model/{model}/count-tokens", BEDROCK, BEDROCK)));
        for (String models : List.of("/v1/models/", "/v1beta/models/")) {
            routes.addAll(gemini(models));
        }
        for (String version : List.of("/v1", "/v1beta1")) {
            String vertex = version + "/projects/{project}/locations/{location}/publishers/";
            routes.addAll(gemini(vertex + "google/models/"));
            String counted = vertex + "anthropic/models/count-tokens:rawPredict";
            routes.add(whole(COUNT_TOKENS, counted, ANTHROPIC, ANTHROPIC));
            String claude = vertex + "anthropic/models/{model}";
            routes.add(chat(claude + ":rawPredict", ANTHROPIC, false, Stream.EVENTS));
            routes.add(chat(claude + ":streamRawPredict", ANTHROPIC, true, Stream.EVENTS));
        }
        routes.addAll(relays());
        routes.addAll(List.of(
                page(Kind.MODELS, "/v1/models", null),
                page(Kind.MODEL, "/v1/models/{model}", null),
                page(Kind.MODELS, "/v1beta/models", GEMINI),
                page(Kind.MODEL, "/v1beta/models/{model}", GEMINI)));
        return List.copyOf(routes);
    }

    /** What is not translated. */
    private static List<Route> relays() {
        List<Route> routes = new ArrayList<>();
        for (String path : List.of(
                "images/generations",
                "images/edits",
                "images/variations",
                "audio/speech",
                "audio/transcriptions",
                "audio/translations")) {
            routes.add(relay("/v1/" + path, CHAT, "POST"));
            routes.add(relay("/openai/deployments/{model}/" + path, CHAT, "POST"));
        }
        routes.addAll(List.of(
                relay("/v1/moderations", CHAT, "POST"),
                relay("/v1/files", CHAT, "POST", "GET"),
                relay("/v1/files/{id}", CHAT, "GET", "DELETE"),
                relay("/v1/files/{id}/content", CHAT, "GET"),
                relay("/v1/batches", CHAT, "POST", "GET"),
                relay("/v1/batches/{id}", CHAT, "GET"),
                relay("/v1/batches/{id}/cancel", CHAT, "POST"),
                relay("/v1/responses/{id}", RESPONSES, "GET", "DELETE"),
                relay("/v1/responses/{id}/input_items", RESPONSES, "GET"),
                relay("/v1/responses/{id}/cancel", RESPONSES, "POST")));
        return routes;
    }

    private static List<Route> gemini(String models) {
        String model = models + "{model}";
        return List.of(
                chat(model + ":generateContent", GEMINI, false, Stream.LIST_OR_EVENTS),
                chat(model + ":streamGenerateContent", GEMINI, true, Stream.LIST_OR_EVENTS),
                whole(COUNT_TOKENS, model + ":countTokens", GEMINI, GEMINI),
                whole(EMBED, model + ":embedContent", GEMINI, Embeddings.GEMINI_ONE),
                whole(EMBED, model + ":batchEmbedContents", GEMINI, GEMINI));
    }

    /**
     * What a request asks for; empty when its path is not the gateway's.
     *
     * @param has whether the request has a header of this name; some tell dialects apart where they share a path
     */
    Optional<Endpoint> find(String method, RequestTarget target, Predicate<String> has, Server server) {
        String path = target.path();
        Metrics metrics = server.metrics();
        if (metrics != null && path.equals(metrics.path())) {
            return Optional.of(document(method, Kind.METRICS, path));
        }
        UsagePage usage = server.usage();
        if (usage != null && path.equals(usage.path())) {
            return Optional.of(document(method, Kind.USAGE, path));
        }
        ExplainPage explain = server.explain();
        if (explain != null && path.equals(explain.path())) {
            return Optional.of(own(method.equals("POST"), Kind.EXPLAIN, path));
        }
        return switch (path) {
            case READY -> Optional.of(document(method, Kind.READY, path));
            case LIVE -> Optional.of(document(method, Kind.LIVE, path));
            case "/api/hello" ->
                method.equals("HEAD") ? Optional.of(document(method, Kind.HELLO, path)) : Optional.empty();
            default -> atRoot(method, target, has).or(() -> behindBase(method, target));
        };
    }

    private Endpoint document(String method, Kind kind, String path) {
        return own(method.equals("GET") || method.equals("HEAD"), kind, path);
    }

    private Endpoint own(boolean takesMethod, Kind kind, String path) {
        return new Endpoint(takesMethod ? kind : Kind.WRONG_METHOD, path, openAi, null);
    }

    private Optional<Endpoint> atRoot(String method, RequestTarget target, Predicate<String> has) {
        Dialect callers = dialectOf(has);
        return choose(method, target, "", callers);
    }

    private Optional<Endpoint> behindBase(String method, RequestTarget target) {
        Base base = baseOf(target.path());
        if (base == null) {
            return Optional.empty();
        }
        RequestTarget inner =
                new RequestTarget(target.path().substring(base.prefix().length()), target.query());
        return choose(method, inner, base.prefix(), dialectOf(base));
    }

    private Optional<Endpoint> choose(String method, RequestTarget target, String prefix, Dialect callers) {
        List<Route> those = routes.getOrDefault(prefix, List.of()).stream()
                .filter(route -> route.isOf(target.path()))
                .toList();
        Optional<Route> best =
                those.stream().filter(route -> route.methods().contains(method)).findFirst();
        return best.or(() -> those.stream().findFirst())
                .map(route -> endpoint(route, target, prefix, callers, best.isPresent()));
    }

    private Endpoint endpoint(Route route, RequestTarget target, String prefix, Dialect callers, boolean takesMethod) {
        Dialect dialect = route.dialect() == null ? callers : dialects.byId(route.dialect());
        WireFormat format = formatOf(route).orElse(dialect);
        Framing framing = route.stream().framing(target);
        return new Endpoint(
                takesMethod ? route.kind() : Kind.WRONG_METHOD,
                route.operation(),
                prefix + route.template(),
                dialect,
                format,
                route.model(target.path()),
                route.streamed(),
                framing);
    }

    /** Whether there is all that a route needs. */
    private boolean isSpoken(Route route) {
        String dialect = route.dialect();
        return dialect == null
                || (dialects.find(dialect).isPresent()
                        && (route.kind() != Kind.CALL || formatOf(route).isPresent()));
    }

    private Optional<WireFormat> formatOf(Route route) {
        return dialects.format(route.operation(), route.format());
    }

    private static @Nullable Base baseOf(String path) {
        return BASES.stream().filter(base -> base.isOf(path)).findFirst().orElse(null);
    }

    private Dialect dialectOf(Base base) {
        return dialects.find(base.dialects().get(0)).orElse(openAi);
    }

    /** The dialect of a caller by the headers that only its SDKs send. */
    private Dialect dialectOf(Predicate<String> has) {
        if (has.test("anthropic-version")) {
            return dialects.find(ANTHROPIC).orElse(openAi);
        }
        boolean google = has.test("x-goog-api-client") || has.test("x-goog-api-key");
        return google ? dialects.find(GEMINI).orElse(openAi) : openAi;
    }

    /** The answer for a path that nothing is served at, in the dialect of its base path or else of its caller. */
    Endpoint nothing(String path, Predicate<String> has) {
        Base base = baseOf(path);
        return new Endpoint(Kind.NOTHING, "other", base == null ? dialectOf(has) : dialectOf(base), null);
    }
}
