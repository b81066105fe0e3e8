package dev.tollgate.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All scenarios, one after the other and again with other seeds, for as many minutes as are given; writes the report. */
@Tag("soak")
class SoakIT {
    private static final int PER_SECOND = 200;
    private static final Path FOLDER = Path.of("target", "soak").toAbsolutePath();

    private final List<String> faults = new ArrayList<>();

    @Test
    void limitsHoldWhateverIsDoneToTheCluster() {
        long minutes = Long.getLong("tollgate.soak.minutes", 20);
        String given = System.getProperty("tollgate.soak.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() & 0xffff_ffffL : Long.parseLong(given);
        Path page = Path.of(System.getProperty("tollgate.soak.report", "target/cluster-report.md"));
        Report report = new Report("mvn -pl cluster-tests -am verify -Dtest=NoUnit -Dit.test=SoakIT -DexcludedGroups="
                + " -Dtollgate.soak.minutes=" + minutes + " -Dtollgate.soak.seed=" + seed);
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        for (long round = 0; System.nanoTime() < end; round++) {
            for (Scenario scenario : Scenario.values()) {
                if (System.nanoTime() < end) {
                    play(report, scenario, seed + 100 * round);
                    report.writeTo(page);
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    private void play(Report report, Scenario scenario, long seed) {
        String missing = missing(scenario);
        if (!missing.isEmpty()) {
            report.add(scenario, seed, "not run", List.of(missing));
            return;
        }
        Path folder = FOLDER.resolve(scenario + "-" + seed);
        Theatre.Play play = Theatre.play(folder, Duration.ofMinutes(8), Workload.Size.LONG, PER_SECOND, seed, scenario);
        long broken =
                play.said().stream().filter(line -> line.startsWith("FAULT")).count();
        String state =
                play.good() ? "all held" : broken > 0 ? "**" + broken + " did not hold**" : "**did not end well**";
        report.add(scenario, seed, state, play.said());
        if (!play.good()) {
            faults.add(scenario + " with seed " + seed + ": " + String.join("\n", play.said()));
        }
    }

    private static String missing(Scenario scenario) {
        if (scenario.cuts()) {
            return Theatre.whyWhole();
        }
        return scenario.setsClocks() && Theatre.wallClock(FOLDER).isEmpty()
                ? "no C compiler, or none whose libraries this JVM takes: clocks cannot be set here"
                : "";
    }
}
