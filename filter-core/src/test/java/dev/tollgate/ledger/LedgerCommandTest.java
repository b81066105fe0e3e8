package dev.tollgate.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCommandTest {
    @TempDir
    Path temp;

    private Path one;
    private Path other;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void twoNodes() throws IOException {
        one = folder(
                "one", "aaaaaaaa", row("c1/1", "2026-11-23T23:30:00Z", "search", 1_500_000_000), call("c1", "search"));
        other = folder(
                "other",
                "bbbbbbbb",
                row("c2/1", "2026-11-24T10:00:00Z", "search", 1),
                row("c2/2", "2026-11-24T10:00:01Z", "search", 0),
                call("c2", "search"),
                row("c3/1", "2026-11-24T11:00:00Z", "=cmd|' /C calc'!A0", -1),
                row("c3/1", "2026-11-24T11:00:00Z", "=cmd|' /C calc'!A0", -1));
    }

    private Path folder(String name, String node, Entry... rows) throws IOException {
        Path folder = Files.createDirectory(temp.resolve(name));
        Frames frames = new Frames();
        frames.add(new FileHead(node, 1, Rows.NOON));
        List.of(rows).forEach(frames::add);
        byte[] bytes = java.util.Arrays.copyOf(frames.content().array(), frames.length());
        Files.write(folder.resolve("ledger-000001-2026-11-24.log"), bytes);
        return folder;
    }

    private static Entry.Ended row(String id, String at, String team, long cost) {
        Usage usage = new Usage(10, 0, 0, 0, 2, 0, 0, 0, Extras.NONE);
        return new Entry.Ended(
                id,
                Instant.parse(at),
                new Party("k", team, null, "smart"),
                "openai/gpt-5.1",
                200,
                null,
                usage,
                cost == 0,
                cost < 0 ? OptionalLong.empty() : OptionalLong.of(cost));
    }

    private static Entry.Called call(String id, String team) {
        return new Entry.Called(
                id,
                Rows.NOON,
                new Party("k", team, null, "smart"),
                "openai/gpt-5.1",
                1,
                200,
                null,
                Usage.NONE,
                false,
                OptionalLong.of(0),
                5_000_000);
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--directory", one.toString(), "--directory", other.toString()));
        all.addAll(List.of(arguments));
        return runAlone(all.toArray(String[]::new));
    }

    private int runAlone(String... arguments) {
        return new LedgerCommand(Map.of(), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))
                .run(List.of(arguments));
    }

    @Test
    void nodesAreAddedUpByTeamAndFormulasAreMadeText() {
        assertThat(run("--by", "team", "--format", "csv")).isZero();
        assertThat(out.toString(UTF_8)).isEqualTo("""
                team,calls,attempts,input_tokens,cache_read_tokens,cache_write_5m_tokens,cache_write_1h_tokens,output_tokens,\
                reasoning_tokens,audio_input_tokens,audio_output_tokens,image_input_tokens,image_output_tokens,cost_nano_usd,\
                unpriced,estimated,cost_usd
                '=cmd|' /C calc'!A0,0,1,10,0,0,0,2,0,0,0,0,0,0,1,0,0.000000000
                search,2,3,30,0,0,0,6,0,0,0,0,0,1500000001,0,1,1.500000001
                """);
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void daysAreThoseOfTheZoneAskedFor() {
        assertThat(run("--by=day,provider", "--zone=Europe/Berlin", "--format=json", "--to=2026-11-25"))
                .isZero();
        assertThat(out.toString(UTF_8))
                .startsWith("[\n{\"day\":\"2026-11-24\",\"provider\":\"openai\",\"calls\":2,\"attempts\":4,")
                .endsWith("\"cost_usd\":\"1.500000001\"}\n]\n");
        out.reset();
        assertThat(run("--by=day", "--from=2026-11-24", "--format=csv")).isZero();
        assertThat(out.toString(UTF_8)).contains("\n2026-11-24,2,3,").doesNotContain("2026-11-23");
    }

    @Test
    void rowsAreListed() {
        assertThat(run(
                        "--rows",
                        "attempts",
                        "--format",
                        "csv",
                        "--from",
                        "2026-11-24T10:00:00Z",
                        "--to",
                        "2026-11-24T10:00:01Z"))
                .isZero();
        assertThat(out.toString(UTF_8).lines().skip(1))
                .containsExactly("2026-11-24T10:00:00Z,c2/1,k,search,,smart,openai/gpt-5.1,1,200,,10,0,0,0,2,0,0,0,0,0,"
                        + "false,1,0.000000001,");
        out.reset();
        assertThat(run("--rows", "calls", "--format", "json")).isZero();
        assertThat(out.toString(UTF_8).lines().filter(line -> line.contains("\"millis\":5}")))
                .hasSize(2);
    }

    @Test
    void withoutAGroupThereIsOneSumAndPeopleReadColumns() {
        assertThat(run()).isZero();
        assertThat(out.toString(UTF_8).lines()).hasSize(2);
        assertThat(out.toString(UTF_8))
                .startsWith("calls  attempts  input_tokens")
                .contains("\n2      4         40 ");
    }

    @Test
    void damagedRowsAreToldAndFailTheCommand() throws IOException {
        Path file = other.resolve("ledger-000001-2026-11-24.log");
        byte[] bytes = Files.readAllBytes(file);
        int second = new String(bytes, UTF_8).indexOf("c2/2");
        bytes[second] = '!';
        Files.write(file, bytes);
        assertThat(run("--by", "team")).isEqualTo(3);
        assertThat(err.toString(UTF_8)).contains(file + " at byte ").contains("passed over");
    }

    @Test
    void theFolderIsFoundInTheConfiguration() throws IOException {
        Path config = Files.writeString(temp.resolve("tollgate.yaml"), "ledger: { directory: \"" + one + "\" }\n");
        assertThat(runAlone("--config", config.toString(), "--by", "team", "--format", "csv"))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("\nsearch,1,1,");
    }

    @Test
    void mistakesAreNamed() {
        assertThat(run("--by", "colour")).isEqualTo(2);
        assertThat(run("--rows", "all")).isEqualTo(2);
        assertThat(run("--from", "yesterday")).isEqualTo(2);
        assertThat(run("--zone", "Moon")).isEqualTo(2);
        assertThat(run("--by")).isEqualTo(2);
        assertThat(runAlone()).isEqualTo(2);
        assertThat(runAlone("--directory", temp.resolve("none").toString())).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .contains("--by takes key, team, user, model, provider, target, day, hour; 'colour' is none")
                .contains("--rows takes attempts, calls; 'all' is none")
                .contains("'yesterday' is neither")
                .contains("'Moon' is no time zone")
                .contains("none does not exist");
    }
}
