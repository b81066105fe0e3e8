package dev.tollgate.nemesis;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tollgate.nemesis.Ask.Manner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two providers that speak OpenAI's chat format, {@code main} and {@code spare}. They do what the call's text says, and write
 * their own invoice.
 */
final class FakeProvider implements AutoCloseable {
    static final int PORT = 19_000;
    static final Map<String, Money.Price> PRICES =
            Map.of("main", Money.Price.of("0.15", "0.075", "0.6"), "spare", Money.Price.of("1.1", "0.275", "4.4"));

    private static final int THREADS = 48;
    private static final int PIECES = 3;
    /** Longer than any gateway waits. */
    private static final long HANG_MILLIS = 6_000;

    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS);
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
    private final AtomicLong requests = new AtomicLong();
    private final Invoice invoice;
    private final Visits visits;

    FakeProvider(String host, Invoice invoice, Visits visits) throws IOException {
        this.invoice = invoice;
        this.visits = visits;
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "4000");
        this.server = HttpServer.create(new InetSocketAddress(host, PORT), 1000);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
    }

    void start() {
        server.start();
    }

    static String base(String host, String provider) {
        return "http://" + host + ":" + PORT + "/" + provider + "/v1";
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        long at = System.nanoTime();
        String provider = exchange.getRequestURI().getPath().split("/")[1];
        Request request = new Request(
                exchange,
                provider,
                "req-" + provider + "-" + requests.incrementAndGet(),
                Ask.in(body),
                body.contains("\"include_usage\":true"),
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                at);
        visits.came(request.ask, request.node, at);
        boolean hangs = provider.equals("main") && request.ask.manner() == Manner.HANGS;
        long millis = hangs ? HANG_MILLIS : request.ask.millis();
        ScheduledFuture<?> unused =
                later.schedule(() -> workers.execute(() -> respond(request)), millis, TimeUnit.MILLISECONDS);
    }

    private void respond(Request request) {
        Manner manner = request.provider.equals("main") ? request.ask.manner() : Manner.WELL;
        // Noted before the answer leaves: after that the gateway may count the call as over.
        visits.stayed(request.ask, request.node, request.at, System.nanoTime());
        try (HttpExchange exchange = request.exchange) {
            exchange.getResponseHeaders().set("x-request-id", request.id);
            if (manner == Manner.HANGS) {
                // Closes without a word; the gateway has long given up.
                return;
            }
            if (manner == Manner.BREAKS) {
                send(
                        exchange,
                        500,
                        "application/json",
                        "{\"error\":{\"message\":\"broken\",\"type\":\"server_error\"}}");
                return;
            }
            charge(request);
            if (request.ask.streamed()) {
                stream(request);
            } else {
                send(exchange, 200, "application/json", whole(request));
            }
        } catch (IOException e) {
            // The gateway is gone. What it asked for is charged all the same.
        }
    }

    private void charge(Request request) {
        Ask ask = request.ask;
        invoice.add(new Invoice.Line(
                request.id,
                request.provider,
                ask.id(),
                ask.subject(),
                ask.input(),
                ask.cached(),
                ask.output(),
                PRICES.get(request.provider).cost(ask.input(), ask.cached(), ask.output()),
                ask.manner() != Manner.SILENT && (!ask.streamed() || request.wantsUsage)));
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String whole(Request request) {
        return "{\"id\":\"" + request.id
                + "\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"fake\",\"choices\":"
                + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                + "word ".repeat(request.ask.output())
                + "\"},\"finish_reason\":\"stop\"}]" + usage(request) + "}";
    }

    private static void stream(Request request) throws IOException {
        HttpExchange exchange = request.exchange;
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        int left = request.ask.output();
        for (int piece = PIECES; piece > 0; piece--) {
            int words = left / piece;
            left -= words;
            chunk(request, "[{\"index\":0,\"delta\":{\"content\":\"" + "word ".repeat(words) + "\"}}]", "");
        }
        chunk(request, "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]", "");
        if (request.wantsUsage && !usage(request).isEmpty()) {
            chunk(request, "[]", usage(request));
        }
        exchange.getResponseBody().write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }

    private static void chunk(Request request, String choices, String more) throws IOException {
        String text = "data: {\"id\":\"" + request.id + "\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                + "\"model\":\"fake\",\"choices\":" + choices + more + "}\n\n";
        request.exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        request.exchange.getResponseBody().flush();
    }

    private static String usage(Request request) {
        Ask ask = request.ask;
        if (ask.manner() == Manner.SILENT) {
            return "";
        }
        return ",\"usage\":{\"prompt_tokens\":" + ask.input() + ",\"completion_tokens\":" + ask.output()
                + ",\"total_tokens\":" + (ask.input() + ask.output())
                + ",\"prompt_tokens_details\":{\"cached_tokens\":" + ask.cached() + "}}";
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
        later.shutdownNow();
    }

    private record Request(
            HttpExchange exchange, String provider, String id, Ask ask, boolean wantsUsage, String node, long at) {}
}
