package dev.tollgate.bench;

import dev.tollgate.bench.LimitsResults.Cell;
import dev.tollgate.bench.LimitsResults.Passed;
import dev.tollgate.bench.limits.Load;
import dev.tollgate.bench.limits.Passage;
import dev.tollgate.bench.limits.Ways;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The tables of a run about limits, as Markdown. */
final class LimitsReport {
    private final Options options;
    private final boolean pinned;
    private final Instant when;
    private final OptionalDouble others;

    LimitsReport(Options options, boolean pinned, Instant when, OptionalDouble others) {
        this.options = options;
        this.pinned = pinned;
        this.when = when;
        this.others = others;
    }

    String markdown(LimitsResults results) {
        List<String> parts = new ArrayList<>(List.of(circumstances(results)));
        for (Load load : Load.all()) {
            LimitsRun.callers().forEach(callers -> parts.add(alone(results, load, callers)));
        }
        parts.add(door(results));
        return String.join("\n", parts);
    }

    private String circumstances(LimitsResults results) {
        return """
                # Limits of one JVM, leased, and asked of the cluster

                %s, %d processors, %s %s, JDK %s. Two members, each a process of its own on loopback, with one backup.
                Medians of %d rounds, the ways taking turns. %sCalls through the door that failed: %d.%s
                """.formatted(
                        DateTimeFormatter.ISO_LOCAL_DATE.format(when.atZone(ZoneOffset.UTC)),
                        Machine.processors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        System.getProperty("java.version"),
                        options.rounds(),
                        pinned ? "Gateways have one processor, load and provider the other ones. " : "",
                        results.errors(),
                        others.isEmpty()
                                ? ""
                                : number(" Other processes had %.0f %% of the machine.", others.getAsDouble() * 100));
    }

    private static String alone(LimitsResults results, Load load, int callers) {
        Table table = new Table(
                "Reserve and settle: " + load.title() + ", " + callers + (callers == 1 ? " caller" : " callers"),
                List.of("way", "p50", "p99", "calls per second", "processor time", "p50 / local", "refused"));
        double local = results.median(new Cell(load, callers, Ways.LOCAL), each -> each.micros(50));
        for (Cell cell : results.cells(load, callers)) {
            double p50 = results.median(cell, each -> each.micros(50));
            table.row(
                    cell.way(),
                    micros(p50),
                    micros(results.median(cell, each -> each.micros(99))),
                    number("%,.0f", results.median(cell, Passage::callsPerSecond)),
                    micros(results.median(cell, Passage::cpuMicros)),
                    number("%.1f", p50 / local),
                    Long.toString(results.refused(cell)));
        }
        return table.markdown("");
    }

    private String door(LimitsResults results) {
        Table table = new Table(
                "A whole call, " + options.connections() + " connections, as many as go",
                List.of(
                        "limits",
                        "calls per second",
                        "p50 / p99 ms",
                        "processor seconds per 10,000 calls",
                        "of that the node itself",
                        "ratio",
                        "of the node itself"));
        for (String door : results.doors()) {
            table.row(
                    door,
                    number("%,.0f", results.median(door, each -> each.sample().callsPerSecond())),
                    number("%.2f", results.median(door, each -> millis(each, 50)))
                            + " / "
                            + number("%.2f", results.median(door, each -> millis(each, 99))),
                    number("%.3f", results.median(door, each -> each.sample().cpuPerTenThousand())),
                    number("%.3f", results.median(door, Passed::ownCpuPerTenThousand)),
                    number(
                            "%.2f",
                            results.medianRatio(
                                    door, FrontDoor.ALONE, each -> each.sample().cpuPerTenThousand())),
                    number("%.2f", results.medianRatio(door, FrontDoor.ALONE, Passed::ownCpuPerTenThousand)));
        }
        return table.markdown(
                "A call of OpenAI's of 1 KB that passes through; requests, tokens and calls under way of its key, requests and"
                        + " spend of its team. Processor time is that of all members of the"
                        + " cluster; calls go to one of them.");
    }

    private static double millis(Passed passed, double percentile) {
        return passed.sample().whole().getValueAtPercentile(percentile) / 1e6;
    }

    private static String micros(double value) {
        return number(value < 100 ? "%.2f µs" : "%,.0f µs", value);
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? Table.NOTHING : String.format(Locale.ROOT, format, value);
    }
}
