package dev.tollgate.nemesis;

import dev.tollgate.nemesis.Ask.Manner;
import dev.tollgate.nemesis.Sample.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** The callers of a cluster. Each call is noted with what became of it. */
final class Callers {
    private static final int THREADS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_NODES = 8;
    private static final int MOST_OPEN = 300;

    private final Cluster cluster;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, Callers::daemon);
    private final ScheduledExecutorService leaving = Executors.newSingleThreadScheduledExecutor(Callers::daemon);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(threads)
            .build();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicIntegerArray open = new AtomicIntegerArray(MOST_NODES);
    private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();

    Callers(Cluster cluster) {
        this.cluster = cluster;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "caller");
        thread.setDaemon(true);
        return thread;
    }

    long nextId() {
        return ids.incrementAndGet();
    }

    /** Calls unless too many calls to the node are open: a node that hangs is not buried in connections. */
    void callUnlessBuried(int node, Subject subject, Ask ask) {
        if (open.get(node) >= MOST_OPEN) {
            held.incrementAndGet();
            return;
        }
        CompletableFuture<Sample> unused = call(node, subject, ask);
    }

    CompletableFuture<Sample> call(int node, Subject subject, Ask ask) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(cluster.node(node).base() + "/v1/chat/completions"))
                .header("authorization", "Bearer " + subject.key())
                .header("content-type", "application/json")
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofString(ask.body()))
                .build();
        open.incrementAndGet(node);
        long start = System.nanoTime();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, BodyHandlers.ofByteArray());
        if (ask.manner() == Manner.LEFT) {
            ScheduledFuture<?> unused =
                    leaving.schedule(() -> answer.cancel(true), ask.millis() / 2, TimeUnit.MILLISECONDS);
        }
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .thenApply(whole -> sample(ask, subject, node, start, whole))
                .exceptionally(failure -> new Sample(
                        ask.id(),
                        subject,
                        node,
                        start,
                        System.nanoTime(),
                        Outcome.FAILED,
                        0,
                        "" + failure.getMessage()))
                .thenApply(sample -> {
                    open.decrementAndGet(node);
                    samples.add(sample);
                    return sample;
                });
    }

    private static Sample sample(Ask ask, Subject subject, int node, long start, HttpResponse<byte[]> answer) {
        String code = answer.headers().firstValue("x-tollgate-error").orElse("");
        Outcome outcome = outcome(answer.statusCode(), code);
        return new Sample(ask.id(), subject, node, start, System.nanoTime(), outcome, answer.statusCode(), code);
    }

    private static Outcome outcome(int status, String code) {
        if (status == 200) {
            return Outcome.ADMITTED;
        }
        if (code.equals("gateway_limiter_unavailable")) {
            return Outcome.UNAVAILABLE;
        }
        return code.startsWith("policy_") ? Outcome.REFUSED : Outcome.FAILED;
    }

    /** Calls that have not ended. */
    int open() {
        int all = 0;
        for (int node = 0; node < MOST_NODES; node++) {
            all += open.get(node);
        }
        return all;
    }

    /** How many calls were not made because too many were open already. */
    int held() {
        return held.get();
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** What a node says at a path. */
    String page(int node, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(cluster.node(node).base() + path))
                .timeout(PATIENCE)
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }
}
