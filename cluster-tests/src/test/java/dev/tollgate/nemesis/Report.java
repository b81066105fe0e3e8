package dev.tollgate.nemesis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a long run came to, as a page for the documentation. */
final class Report {
    private final String command;
    private final List<Part> parts = new ArrayList<>();
    private final Instant begun = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final double loadBefore = load();

    private record Part(Scenario scenario, long seed, String state, List<String> said) {}

    Report(String command) {
        this.command = command;
    }

    /** @param state in a word or two what became of it */
    void add(Scenario scenario, long seed, String state, List<String> said) {
        parts.add(new Part(scenario, seed, state, said));
    }

    void writeTo(Path file) {
        try {
            Files.writeString(file, text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private String text() {
        StringBuilder text = new StringBuilder(
                "# Clusters under faults\n\nWritten by `" + command + "`, begun " + begun
                        + ". Gateways in processes of their own share limits; a load that does not wait for answers calls them;"
                        + " faults are done to them; and then the books are held against the provider's own invoice. What each"
                        + " scenario does is in `cluster-tests/`, class `Scenario`; what is looked at in `Audit` and `Books`.\n\n");
        text.append(String.format(
                Locale.ROOT,
                "Machine: %d processors, %s %s, Java %s; load average %.1f at the start and %.1f at the end"
                        + " (callers, provider and all nodes run on it, and whatever else did).\n\n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version(),
                loadBefore,
                load()));
        text.append("| scenario | seed | what is done | result |\n|---|---|---|---|\n");
        for (Part part : parts) {
            text.append("| ")
                    .append(part.scenario.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                    .append(" | ")
                    .append(part.seed)
                    .append(" | ")
                    .append(part.scenario.what())
                    .append(" | ")
                    .append(part.state)
                    .append(" |\n");
        }
        for (Part part : parts) {
            text.append("\n## ")
                    .append(part.scenario.what())
                    .append(" (seed ")
                    .append(part.seed)
                    .append(")\n\n```\n");
            part.said.stream()
                    .filter(line -> !line.startsWith("## "))
                    .forEach(line -> text.append(line).append('\n'));
            text.append("```\n");
        }
        return text.toString();
    }
}
