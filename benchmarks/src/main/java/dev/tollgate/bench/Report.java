package dev.tollgate.bench;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The tables of a run, as Markdown. */
final class Report {
    /** Of all processors. */
    private static final double MOST_DISTURBANCE = 0.05;

    private final Options options;
    private final boolean pinned;
    private final Instant when;
    private final OptionalDouble others;

    /** @param others the share of all processors that other processes had meanwhile */
    Report(Options options, boolean pinned, Instant when, OptionalDouble others) {
        this.others = others;
        this.options = options;
        this.pinned = pinned;
        this.when = when;
    }

    String markdown(Results results, MemoryTable memory) {
        return String.join(
                "\n",
                circumstances(results),
                throughput(results),
                cpu(results),
                translation(results),
                latency(results),
                firstToken(results),
                memory(memory));
    }

    private String circumstances(Results results) {
        return """
                # Tollgate beside nginx and beside nothing

                %s, %d processors, %s %s, JDK %s. %s Gateway JVM options: `%s`; keys, limits, metrics and a log line per call on.
                Medians of %d rounds. Calls that failed: %d direct, %d nginx, %d Tollgate. %s
                """.formatted(
                        DateTimeFormatter.ISO_LOCAL_DATE.format(when.atZone(ZoneOffset.UTC)),
                        Machine.processors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        System.getProperty("java.version"),
                        pinned
                                ? "What stands in the middle has one processor, load and provider have the other ones."
                                : "Load, provider and what stands in the middle share all processors.",
                        String.join(" ", options.jvm()),
                        options.rounds(),
                        results.errors(Contender.DIRECT),
                        results.errors(Contender.NGINX),
                        results.errors(Contender.TOLLGATE),
                        disturbance());
    }

    private String disturbance() {
        if (others.isEmpty()) {
            return "";
        }
        double share = others.getAsDouble();
        return number("Other processes had %.0f %% of the machine", share * 100)
                + (share > MOST_DISTURBANCE ? ": **too much for the figures to be trusted.**" : ".");
    }

    private String throughput(Results results) {
        Table table = new Table(
                "Calls per second, " + options.connections() + " connections (64 for streams), as many as go",
                List.of("call", "direct", "nginx", "Tollgate", "Tollgate / nginx"));
        for (Kind kind : results.kinds()) {
            double nginx = results.callsPerSecond(Contender.NGINX, kind);
            double tollgate = results.callsPerSecond(Contender.TOLLGATE, kind);
            table.row(
                    kind.name(),
                    rate(results.callsPerSecond(Contender.DIRECT, kind)),
                    rate(nginx) + busy(results.cpuShare(Contender.NGINX, kind)),
                    rate(tollgate) + busy(results.cpuShare(Contender.TOLLGATE, kind)),
                    number("%.2f", tollgate / nginx));
        }
        return table.markdown(
                "In brackets the share of a processor that was used: well below 100 %, the load or the provider"
                        + " was the limit, and the figure is a lower bound.");
    }

    private String cpu(Results results) {
        Table table = new Table(
                "Processor seconds per 10,000 calls", List.of("call", "nginx", "Tollgate", "Tollgate / nginx"));
        for (Kind kind : results.kinds()) {
            double nginx = results.cpu(Contender.NGINX, kind);
            double tollgate = results.cpu(Contender.TOLLGATE, kind);
            table.row(kind.name(), number("%.3f", nginx), number("%.3f", tollgate), number("%.1f", tollgate / nginx));
        }
        return table.markdown("");
    }

    private static String translation(Results results) {
        Table table = new Table(
                "Translation against pass-through, processor time of Tollgate",
                List.of("call", "translated", "passed through", "ratio"));
        for (Kind kind : results.kinds()) {
            if (kind.translated()) {
                double translated = results.cpu(Contender.TOLLGATE, kind);
                double passed = results.cpu(Contender.TOLLGATE, kind.passedThrough());
                table.row(
                        kind.name(),
                        number("%.3f", translated),
                        number("%.3f", passed),
                        number("%.2f", translated / passed));
            }
        }
        return table.markdown("");
    }

    private String latency(Results results) {
        Table table = new Table(
                "Milliseconds to the whole answer at " + options.rate() + " calls per second, p50 / p99",
                List.of("call", "direct", "nginx adds", "Tollgate adds"));
        for (Kind kind : results.kinds()) {
            if (!kind.stream()) {
                table.row(
                        kind.name(),
                        both(
                                results.wholeMillis(Contender.DIRECT, kind, 50),
                                results.wholeMillis(Contender.DIRECT, kind, 99)),
                        both(
                                results.addedWholeMillis(Contender.NGINX, kind, 50),
                                results.addedWholeMillis(Contender.NGINX, kind, 99)),
                        both(
                                results.addedWholeMillis(Contender.TOLLGATE, kind, 50),
                                results.addedWholeMillis(Contender.TOLLGATE, kind, 99)));
            }
        }
        return table.markdown(
                "Counted from the moment a call was due. What is added is the difference of the percentiles.");
    }

    private String firstToken(Results results) {
        Table table = new Table(
                "Milliseconds to the first token at " + options.rate() / 4 + " streams per second, p50 / p99",
                List.of("call", "direct", "nginx adds", "Tollgate adds"));
        for (Kind kind : results.kinds()) {
            if (kind.stream()) {
                table.row(
                        kind.name(),
                        both(
                                results.firstMillis(Contender.DIRECT, kind, 50),
                                results.firstMillis(Contender.DIRECT, kind, 99)),
                        both(
                                results.addedFirstMillis(Contender.NGINX, kind, 50),
                                results.addedFirstMillis(Contender.NGINX, kind, 99)),
                        both(
                                results.addedFirstMillis(Contender.TOLLGATE, kind, 50),
                                results.addedFirstMillis(Contender.TOLLGATE, kind, 99)));
            }
        }
        return table.markdown("A stream has about 20 events, one each millisecond.");
    }

    private static String memory(MemoryTable memory) {
        Table table = new Table(
                "Memory with " + memory.streams() + " streams held open, a word each half second",
                List.of(
                        "",
                        "RAM before",
                        "RAM with them",
                        "RAM per stream",
                        "live heap per stream",
                        "threads",
                        "held"));
        for (MemoryTable.Row row : memory.rows()) {
            table.row(
                    row.contender() + ", " + row.kind().name(),
                    megabytes(row.restBytes()),
                    megabytes(row.heldBytes()),
                    perStream(row.restBytes(), row.heldBytes(), row.held()),
                    perStream(row.restHeap(), row.heldHeap(), row.held()),
                    row.threads().isPresent() ? Long.toString(row.threads().getAsLong()) : Table.NOTHING,
                    Long.toString(row.held()));
        }
        return table.markdown(
                "RAM is what the process has resident, garbage that no collection has taken yet included; live heap"
                        + " is what is left after a full collection.");
    }

    private static String megabytes(OptionalLong bytes) {
        return bytes.isEmpty() ? Table.NOTHING : number("%.1f MB", bytes.getAsLong() / 1e6);
    }

    private static String perStream(OptionalLong before, OptionalLong after, long streams) {
        return before.isEmpty() || after.isEmpty() || streams == 0
                ? Table.NOTHING
                : number("%.1f KB", (after.getAsLong() - before.getAsLong()) / 1e3 / streams);
    }

    private static String both(double first, double second) {
        return Double.isNaN(first) ? Table.NOTHING : number("%.2f", first) + " / " + number("%.2f", second);
    }

    private static String rate(double value) {
        return number("%,.0f", value);
    }

    private static String busy(double share) {
        return Double.isNaN(share) ? "" : number(" (%.0f %%)", share * 100);
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? Table.NOTHING : String.format(Locale.ROOT, format, value);
    }
}
