package dev.tollgate.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile files. The default build reads the seeds; with {@code JAZZER_FUZZ=1} the target searches for itself. */
@Tag("fuzz")
class ReplayFuzzTest {

    /** Reading never fails, tells all it passes over, and reads a row that is written behind whatever came before. */
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1h")
    void replay(byte[] data) {
        Rows.Read read = Rows.read(data);
        long damaged = read.damages().stream().mapToLong(Damage::bytes).sum();
        assertThat(damaged).isLessThanOrEqualTo(data.length);
        assertThat(read.soundUpTo()).isLessThanOrEqualTo(data.length);
        if (data.length > 0 && read.rows().isEmpty() && read.soundUpTo() == 0) {
            assertThat(damaged).isEqualTo(data.length);
        }
        byte[] line = Rows.line(Rows.called("last"));
        byte[] longer = Arrays.copyOf(data, data.length + 1 + line.length);
        longer[data.length] = '\n';
        System.arraycopy(line, 0, longer, data.length + 1, line.length);
        assertThat(Rows.read(longer).rows()).endsWith(Rows.called("last"));
    }

    static Stream<byte[]> seeds() {
        byte[] file = Rows.file(Rows.started("a/1"), Rows.ended("a/1"), Rows.called("a"));
        byte[] turned = file.clone();
        turned[file.length / 2] ^= 1;
        return Stream.of(
                new byte[0],
                file,
                turned,
                Arrays.copyOf(file, file.length - 5),
                Arrays.copyOf(file, file.length + 200_000),
                "0000ffff 00000000 {".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                "\n\n\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
