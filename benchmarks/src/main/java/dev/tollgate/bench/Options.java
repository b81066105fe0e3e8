package dev.tollgate.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a run measures and for how long; every value is a system property, {@code bench.} in front.
 *
 * @param jmh whether to run the JMH benchmarks instead
 * @param limits whether to measure what shared limits cost instead
 * @param quick whether half a minute must do
 * @param seconds about how long the measuring takes, start and warm-up apart
 * @param rounds how often each thing is measured; the median counts
 * @param connections calls at a time where as many go as can
 * @param rate calls per second where latency is measured; streams are begun at a quarter of it
 * @param held how many slow streams are held open for the memory table; 0 leaves it out
 * @param warmUp how long the gateway is warmed up with each kind of call
 * @param pin whether what stands in the middle gets one processor of its own
 * @param only calls whose name has this in it, so that one can be looked at alone; empty for all
 * @param jar the stand-alone gateway
 * @param clusterJar the module that makes it a member of a cluster
 * @param jvm more options for the gateway's JVM
 * @param out where configurations, logs and the report go
 */
record Options(
        boolean jmh,
        boolean limits,
        boolean quick,
        int seconds,
        int rounds,
        int connections,
        int rate,
        int held,
        Duration warmUp,
        boolean pin,
        String only,
        Path jar,
        Path clusterJar,
        List<String> jvm,
        Path out) {

    static Options read() {
        boolean quick = flag("quick", false);
        return new Options(
                flag("jmh", false),
                flag("limits", false),
                quick,
                number("seconds", quick ? 12 : 120),
                number("rounds", quick ? 1 : 3),
                number("connections", 32),
                number("rate", 400),
                number("held", quick ? 200 : 1000),
                Duration.ofMillis(number("warmup", quick ? 500 : 4000)),
                flag("pin", true),
                text("only", ""),
                file("jar", "../jetty-plugin/target/tollgate.jar"),
                file("cluster.jar", "../hazelcast-config/target/tollgate-cluster.jar"),
                List.of(text("jvm", "-Xmx512m").split("\\s+")),
                file("out", "target"));
    }

    private static Path file(String name, String otherwise) {
        return Path.of(text(name, otherwise)).toAbsolutePath().normalize();
    }

    private static int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    private static boolean flag(String name, boolean otherwise) {
        return Boolean.parseBoolean(text(name, Boolean.toString(otherwise)));
    }

    /** An empty property counts as absent: the build hands on those that nobody has set. */
    private static String text(String name, String otherwise) {
        String value = System.getProperty("bench." + name, "").trim();
        return value.isEmpty() ? otherwise : value;
    }
}
