package dev.tollgate.bench;

import dev.tollgate.bench.LimitsResults.Passed;
import dev.tollgate.bench.load.ClosedLoop;
import dev.tollgate.bench.load.Sample;
import dev.tollgate.bench.upstream.FakeProvider;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A gateway that counts for itself, beside one of a cluster of two. */
final class FrontDoor implements AutoCloseable {
    static final String ALONE = "of one node";
    static final String SHARED = "shared by two";

    private static final Kind KIND = new Kind(Chat.OPENAI, Chat.OPENAI, Kind.SMALL, false);
    private static final int TRIES = 10;
    private static final String MAIN = "dev.tollgate.jetty.Main";

    private final Options options;
    private final Pinning pinning;
    private final List<Node> nodes = new ArrayList<>();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private FrontDoor(Options options, Pinning pinning) {
        this.options = options;
        this.pinning = pinning;
    }

    private record Node(String name, Contender own, List<Contender> others) {
        long allCpuNanos() {
            return own.cpuNanos()
                    + others.stream().mapToLong(Contender::cpuNanos).sum();
        }
    }

    static FrontDoor open(Options options, Pinning pinning) throws IOException, InterruptedException {
        FrontDoor door = new FrontDoor(options, pinning);
        try {
            door.start();
            return door;
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e;
        }
    }

    private void start() throws IOException {
        Child provider = keep(Child.talking(
                List.of(
                        Programs.ofJdk("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeProvider.class.getName()),
                options.out().resolve("provider.log")));
        int port = Integer.parseInt(provider.firstLine());
        List<Integer> members = Programs.freePorts(2);
        Contender other = gateway(GatewayConfig.withAllLimits(port) + GatewayConfig.cluster(members, 1));
        nodes.add(new Node(ALONE, gateway(GatewayConfig.withAllLimits(port)), List.of()));
        nodes.add(new Node(
                SHARED,
                gateway(GatewayConfig.withAllLimits(port) + GatewayConfig.cluster(members, 0)),
                List.of(other)));
    }

    private Contender gateway(String config) throws IOException {
        return keep(Contender.gateway(Contender.TOLLGATE, config, List.of("-cp", classPath(), MAIN), pinning, options));
    }

    /** What an operator would take: the gateway, the module for clusters, and Hazelcast. */
    private String classPath() {
        String hazelcast = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> jar.matches(".*[/\\\\]hazelcast-[0-9][^/\\\\]*\\.jar"))
                .findFirst()
                .orElseThrow();
        return String.join(
                File.pathSeparator,
                options.jar().toString(),
                options.clusterJar().toString(),
                hazelcast);
    }

    void measure(LimitsResults results, Duration slice) throws IOException {
        for (Node node : nodes) {
            Benchmark.say("warm-up: a call through a gateway, limits " + node.name());
            load(node, Duration.ZERO, options.warmUp());
            check(node, TRIES);
        }
        for (int round = 1; round <= options.rounds(); round++) {
            Benchmark.say("round " + round + " of " + options.rounds() + " through gateways");
            for (Node node : nodes) {
                results.add(
                        node.name(),
                        load(node, slice.dividedBy(5), slice.multipliedBy(4).dividedBy(5)));
            }
        }
    }

    /** A member that has just started on a busy machine may not be answered in time. */
    private static void check(Node node, int tries) throws IOException {
        try {
            Check.answers(node.own(), KIND);
        } catch (IOException wrong) {
            if (tries <= 1) {
                throw wrong;
            }
            check(node, tries - 1);
        }
    }

    private Passed load(Node node, Duration settling, Duration time) throws IOException {
        long[] own = new long[2];
        Sample sample =
                ClosedLoop.run(node.own().address(), KIND.request(), options.connections(), settling, time, () -> {
                    own[0] = own[1];
                    own[1] = node.own().cpuNanos();
                    return node.allCpuNanos();
                });
        return new Passed(sample, own[1] - own[0]);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() throws IOException {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
