package dev.tollgate.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.ErrorCode;
import dev.tollgate.config.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the middle of writing loses no row that it was told is durable. */
class KilledNodeTest {
    private static final int KILLS = 3;
    private static final int ROWS_BEFORE_A_KILL = 2_000;

    @TempDir
    Path folder;

    @Test
    void everyRowThatWasDurableIsThereAfterAKillAndEveryAttemptHasAnEnd() throws Exception {
        Set<String> durable = new LinkedHashSet<>();
        for (int run = 0; run < KILLS; run++) {
            durable.addAll(writeUntilKilled("run" + run));
        }
        Journal.open(new Settings.Ledger(folder), InstantSource.system(), entry -> {})
                .close();

        Map<String, Entry.Ended> ends = new HashMap<>();
        Set<String> started = new LinkedHashSet<>();
        Set<String> called = new LinkedHashSet<>();
        for (Entry row : Rows.in(folder)) {
            if (row instanceof Entry.Ended ended) {
                assertThat(ends.put(ended.attempt(), ended)).isNull();
            } else if (row instanceof Entry.Started begun) {
                started.add(begun.attempt());
            } else {
                called.add(row.id());
            }
        }
        assertThat(called).containsAll(durable).hasSizeGreaterThanOrEqualTo(KILLS * ROWS_BEFORE_A_KILL);
        assertThat(ends.keySet()).isEqualTo(started);
        durable.forEach(call -> assertThat(ends.get(Entry.attemptId(call, 1)))
                .extracting(Entry.Ended::error)
                .isNull());
        assertThat(ends.values().stream().filter(ended -> ended.error() == ErrorCode.GATEWAY_ABORTED))
                .allMatch(Entry.Ended::estimated)
                .hasSizeLessThan(KILLS * 200);
    }

    private List<String> writeUntilKilled(String run) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.tollgate.ledger.WritingProcess",
                        folder.toString(),
                        run)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader told = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            List<String> durable = new java.util.ArrayList<>();
            while (durable.size() < ROWS_BEFORE_A_KILL) {
                String line = told.readLine();
                assertThat(line).as("the process ended by itself").isNotNull();
                durable.add(line);
            }
            assertThat(process.toHandle().destroyForcibly()).isTrue(); // a kill -9 that leaves what was told to be read
            for (String line = told.readLine(); line != null; line = told.readLine()) {
                durable.add(line);
            }
            durable.remove(durable.size() - 1); // it may have been cut
            return durable;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
