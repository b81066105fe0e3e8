package dev.tollgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** Whatever stands in the file, it is taken or refused with problems, and never breaks the reader. */
class AnyTextTest {

    @Property(tries = 500)
    void anyBytesAreTakenOrRefused(@ForAll byte[] content) {
        assertThat(isTakenOrRefused(content)).isTrue();
    }

    @Property(tries = 500)
    void aGoodFileWithAPieceReplacedIsTakenOrRefused(
            @ForAll @IntRange(max = 2_500) int at,
            @ForAll @IntRange(max = 40) int length,
            @ForAll @StringLength(max = 20) String piece)
            throws IOException {
        String whole = Files.readString(Corpus.ROOT.resolve("good/whole.yaml"));
        int from = Math.min(at, whole.length());
        int to = Math.min(from + length, whole.length());
        String changed = whole.substring(0, from) + piece + whole.substring(to);

        assertThat(isTakenOrRefused(changed.getBytes(StandardCharsets.UTF_8))).isTrue();
    }

    private static boolean isTakenOrRefused(byte[] content) {
        try {
            return new ConfigLoader(Corpus.surroundings()).parse("t.yaml", content) != null;
        } catch (ConfigException e) {
            return !e.problems().isEmpty() && !String.valueOf(e.getMessage()).contains("canary");
        }
    }
}
