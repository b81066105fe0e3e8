package dev.tollgate.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The short version of what {@code SoakIT} does for longer: faults that happen to every cluster, under load. */
class ClusterIT {
    private static final int PER_SECOND = 120;
    private static final long SEED = 20_261_124;
    private static final Path FOLDER = Path.of("target", "clusters");

    @Test
    void threeNodesKeepTheirLimitsWhenOneIsKilledAndOneIsPaused() {
        play("three", Scenario.CALM, Scenario.KILL, Scenario.PAUSE);
    }

    @Test
    void twoNodesThatLoseEachOtherKeepTheirLimits() {
        String whole = Theatre.whyWhole();
        assumeThat(whole).isEmpty();
        play("two", Scenario.TWO);
    }

    private static void play(String name, Scenario... scenarios) {
        Path folder = FOLDER.resolve(name).toAbsolutePath();
        Theatre.Play play =
                Theatre.play(folder, Duration.ofMinutes(6), Workload.Size.SHORT, PER_SECOND, SEED, scenarios);
        assertThat(play.good()).as(String.join("\n", play.said())).isTrue();
    }
}
