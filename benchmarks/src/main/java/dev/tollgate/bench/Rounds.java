package dev.tollgate.bench;

import dev.tollgate.bench.load.ClosedLoop;
import dev.tollgate.bench.load.OpenLoop;
import dev.tollgate.bench.load.Request;
import dev.tollgate.bench.load.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Goes through all kinds of calls and all contenders, again and again, and keeps what was measured. */
final class Rounds {
    /** Of the time given, what starting and stopping of each load takes. */
    private static final double MEASURED = 0.8;

    private static final int STREAM_CONNECTIONS = 64;
    private static final int OPEN_CONNECTIONS = 128;

    private final Options options;
    private final List<Contender> contenders;
    private final List<Kind> kinds;
    private final Results results = new Results();

    Rounds(Options options, List<Contender> contenders) {
        this.options = options;
        this.contenders = contenders;
        this.kinds = Kind.all().stream()
                .filter(kind -> kind.name().contains(options.only()))
                .toList();
    }

    Results results() {
        return results;
    }

    /** Checks that each call is answered rightly, and lets the gateway's JVM compile what it will use. */
    void warmUp() throws IOException, InterruptedException {
        for (Kind kind : kinds) {
            Benchmark.say("warm-up: " + kind.name());
            for (Contender contender : carrying(kind).toList()) {
                Check.answers(contender, kind);
                Duration time = contender.name().equals(Contender.TOLLGATE) ? options.warmUp() : Duration.ofMillis(200);
                closed(contender, kind, Duration.ZERO, time);
            }
        }
    }

    void measure() throws IOException {
        Duration slice = slice();
        for (int round = 1; round <= options.rounds(); round++) {
            for (Kind kind : kinds) {
                Benchmark.say("round " + round + " of " + options.rounds() + ": " + kind.name());
                measure(kind, slice);
            }
        }
    }

    private Duration slice() {
        long loads =
                kinds.stream().mapToLong(kind -> carrying(kind).count() * 2).sum();
        return Benchmark.seconds(options.seconds() * MEASURED / (loads * options.rounds()));
    }

    private void measure(Kind kind, Duration slice) throws IOException {
        for (Contender contender : carrying(kind).toList()) {
            results.addClosed(contender.name(), kind, closed(contender, kind, slice.dividedBy(5), slice));
        }
        for (Contender contender : carrying(kind).toList()) {
            results.addOpen(contender.name(), kind, open(contender, kind, slice.dividedBy(5), slice));
        }
    }

    private Stream<Contender> carrying(Kind kind) {
        return contenders.stream()
                .filter(contender -> kind.plain() || contender.name().equals(Contender.TOLLGATE));
    }

    private Sample closed(Contender contender, Kind kind, Duration settling, Duration time) throws IOException {
        int connections = kind.stream() ? Math.max(STREAM_CONNECTIONS, options.connections()) : options.connections();
        Request request = kind.request();
        return ClosedLoop.run(contender.address(), request, connections, settling, time, contender::cpuNanos);
    }

    private Sample open(Contender contender, Kind kind, Duration settling, Duration time) throws IOException {
        int rate = kind.stream() ? Math.max(1, options.rate() / 4) : options.rate();
        return OpenLoop.run(contender.address(), kind.request(), OPEN_CONNECTIONS, rate, settling, time);
    }
}
