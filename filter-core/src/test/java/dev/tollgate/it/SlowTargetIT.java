package dev.tollgate.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Peer;
import dev.tollgate.testing.Plot;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.ServerProcess;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.Talk;
import dev.tollgate.testing.Webapp;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Calls to a model whose targets are picked by {@code fastest}, one of which turns ten times slower and recovers, through a real
 * server. With {@code -Dtollgate.regenerate=true} it draws what happened into {@code docs/}.
 */
@Tag("soak")
class SlowTargetIT {
    private static final String NAMES = "abc";
    private static final int CALLS_PER_SECOND = 30;
    private static final double FIRST_TOKEN_SECONDS = 0.2;
    private static final double SPREAD = 0.25;
    private static final double SLOWER = 10;
    private static final long REST_MILLIS = 500;
    private static final double SLOW_FROM = 20;
    private static final double SLOW_UNTIL = 70;
    private static final double END = 160;
    private static final Path PICTURE = Path.of("../docs/slow-target.svg");

    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final Queue<Answered> answered = new ConcurrentLinkedQueue<>();
    private long begun;

    private record Asked(char target, double at) {}

    private record Answered(double at, double tookSeconds, int status) {}

    @Test
    void callsLeaveATargetThatTurnsTenTimesSlowerWithinFiveSeconds() throws Exception {
        List<FakeUpstream> upstreams = new ArrayList<>();
        for (int i = 0; i < NAMES.length(); i++) {
            char name = NAMES.charAt(i);
            upstreams.add(new FakeUpstream().always(peer -> answer(name, peer)));
        }
        Webapp app = Webapp.named("ai").withGateway().with("WEB-INF/tollgate.yaml", configuration(upstreams));
        try (ServerProcess server =
                ServerProcess.start(Servers.TOMCAT_11, "slow-target", Map.of("FAKE_KEY", "fake"), app)) {
            call(server);
        } finally {
            upstreams.forEach(FakeUpstream::close);
        }
        if (Boolean.getBoolean("tollgate.regenerate")) {
            Files.writeString(PICTURE, picture());
        }
        assertThat(answered).allMatch(each -> each.status == 200);
        assertThat(share('c', 5, SLOW_FROM)).isBetween(0.15, 0.55);
        assertThat(share('c', SLOW_FROM + 5, SLOW_UNTIL)).isLessThan(0.05);
        assertThat(percentile(50, SLOW_FROM + 5, SLOW_UNTIL)).isLessThan(0.5);
        assertThat(share('c', END - 20, END)).isGreaterThan(0.1);
    }

    private void answer(char name, Peer peer) throws Exception {
        double now = seconds();
        asked.add(new Asked(name, now));
        boolean slow = name == 'c' && now >= SLOW_FROM && now < SLOW_UNTIL;
        double wait = FIRST_TOKEN_SECONDS
                * Math.exp(SPREAD * ThreadLocalRandom.current().nextGaussian())
                * (slow ? SLOWER : 1);
        TimeUnit.NANOSECONDS.sleep((long) (wait * 1e9));
        peer.stream().chunk(Talk.OPENAI.opening("Hello"));
        TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
        peer.chunk(Talk.OPENAI.closing()).endChunks();
    }

    private void call(ServerProcess server) throws Exception {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(server.uri("/ai/v1/chat/completions"))
                .header("authorization", "Bearer " + RealGateway.KEY)
                .POST(BodyPublishers.ofString(
                        "{\"model\":\"smart\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                        UTF_8))
                .build();
        List<CompletableFuture<?>> calls = Collections.synchronizedList(new ArrayList<>());
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(2);
        List<Future<?>> begins = new ArrayList<>();
        Random random = new Random(5);
        begun = System.nanoTime();
        for (double at = 0; at < END; at += -Math.log(1 - random.nextDouble()) / CALLS_PER_SECOND) {
            Runnable next = () -> calls.add(call(http, request));
            begins.add(clock.schedule(next, (long) (at * 1e9), TimeUnit.NANOSECONDS));
        }
        clock.shutdown();
        assertThat(clock.awaitTermination((long) END + 30, TimeUnit.SECONDS)).isTrue();
        assertThat(begins).allMatch(Future::isDone);
        CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new)).get(30, TimeUnit.SECONDS);
    }

    /** The head of an answer comes with its first token. */
    private CompletableFuture<?> call(HttpClient http, HttpRequest request) {
        double at = seconds();
        return http.sendAsync(request, head -> {
            answered.add(new Answered(at, seconds() - at, head.statusCode()));
            return BodySubscribers.discarding();
        });
    }

    private double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    private double share(char target, double from, double to) {
        List<Asked> all =
                asked.stream().filter(each -> each.at >= from && each.at < to).toList();
        return all.isEmpty()
                ? Double.NaN
                : (double) all.stream().filter(each -> each.target == target).count() / all.size();
    }

    private double percentile(int percent, double from, double to) {
        double[] took = answered.stream()
                .filter(each -> each.at >= from && each.at < to)
                .mapToDouble(Answered::tookSeconds)
                .sorted()
                .toArray();
        return took.length == 0 ? Double.NaN : took[Math.min(took.length - 1, took.length * percent / 100)];
    }

    private String picture() {
        return new Plot(
                        "One of three targets turns ten times slower (pick: fastest, " + CALLS_PER_SECOND
                                + " calls a second)",
                        END)
                .mark(SLOW_FROM, SLOW_UNTIL, "c is slow")
                .panel(
                        "Part of the calls",
                        100,
                        25,
                        " %",
                        shares('a', "#1971c2"),
                        shares('b', "#2b8a3e"),
                        shares('c', "#d9480f"))
                .panel(
                        "Time to first token as callers see it",
                        2_500,
                        500,
                        " ms",
                        times(50, "median", "#1971c2"),
                        times(95, "19 of 20", "#d9480f"))
                .svg();
    }

    private Plot.Line shares(char target, String colour) {
        List<double[]> points = new ArrayList<>();
        for (double at = 0; at < END; at += 2) {
            points.add(new double[] {at + 1, 100 * share(target, at, at + 2)});
        }
        return new Plot.Line(String.valueOf(target), colour, points);
    }

    private Plot.Line times(int percent, String name, String colour) {
        List<double[]> points = new ArrayList<>();
        for (double at = 0; at < END; at += 1) {
            points.add(new double[] {at + 0.5, 1_000 * percentile(percent, at, at + 1)});
        }
        return new Plot.Line(name, colour, points);
    }

    private static String configuration(List<FakeUpstream> upstreams) {
        StringBuilder yaml = new StringBuilder("providers:\n");
        for (int i = 0; i < NAMES.length(); i++) {
            yaml.append("  %s: { like: openai-compatible, base-url: \"%s/v1\", api-key: \"${env:FAKE_KEY}\" }\n"
                    .formatted(NAMES.charAt(i), upstreams.get(i).uri()));
        }
        return yaml + """
                models:
                  smart: { pick: fastest, targets: [ a/m, b/m, c/m ] }
                keys:
                  - { name: all, sha256: "%s", models: ["*"] }
                server: { log: false }
                """.formatted(RealGateway.sha256(RealGateway.KEY));
    }
}
