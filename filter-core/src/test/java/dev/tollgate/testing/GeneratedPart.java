package dev.tollgate.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page in {@code docs/} that says what code says. It stands between two marks, and with {@code
 * -Dtollgate.regenerate=true} it is written anew.
 *
 * @param page the file's name
 * @param name the part's name in its marks
 */
public record GeneratedPart(String page, String name) {

    /** Holds the checked-in part to what it should be. */
    public void mustBe(String text) throws IOException {
        Path file = Path.of("../docs", page);
        String checkedIn = Files.readString(file);
        String begin = "<!-- " + name + ": generated, do not edit -->\n";
        String end = "<!-- end of the " + name + " -->";
        assertThat(checkedIn).contains(begin, end);
        String current = checkedIn.substring(0, checkedIn.indexOf(begin) + begin.length())
                + text
                + checkedIn.substring(checkedIn.indexOf(end));
        if (Boolean.getBoolean("tollgate.regenerate")) {
            Files.writeString(file, current);
        }
        assertThat(Files.readString(file)).isEqualTo(current);
    }
}
