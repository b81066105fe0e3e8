package dev.tollgate.receive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormScannerTest {
    private static final String B = "-a-b";
    private static final String MODEL = part("name=\"model\"", "whisper-1");

    /** What was handed on, the model's value in double angle brackets, and a bar where the form is about to end. */
    private static final class Seen implements FormScanner.Output {
        final StringBuilder text = new StringBuilder();

        @Override
        public void bytes(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            text.append(new String(copy, ISO_8859_1));
        }

        @Override
        public void model(String value) {
            text.append("<<").append(value).append(">>");
        }

        @Override
        public void ending() {
            text.append('|');
        }
    }

    private static String part(String disposition, String content, String... headers) {
        return "--" + B + "\r\nContent-Disposition: form-data; " + disposition + "\r\n" + String.join("", headers)
                + "\r\n" + content + "\r\n";
    }

    private static String form(String... parts) {
        return String.join("", parts) + "--" + B + "--\r\n";
    }

    private static String scan(String form, int... cuts) {
        FormScanner scanner = new FormScanner(B);
        Seen seen = new Seen();
        byte[] bytes = form.getBytes(ISO_8859_1);
        int from = 0;
        for (int cut : cuts) {
            scanner.feed(ByteBuffer.wrap(bytes, from, cut - from), seen);
            from = cut;
        }
        scanner.feed(ByteBuffer.wrap(bytes, from, bytes.length - from), seen);
        scanner.end();
        return seen.text.toString();
    }

    private static String seen(String form, String value) {
        String shown = value == null
                ? form
                : form.replace("name=\"model\"\r\n\r\n" + value, "name=\"model\"\r\n\r\n<<" + value + ">>");
        int end = shown.lastIndexOf("--" + B + "--") + B.length() + 3;
        return shown.substring(0, end) + "|" + shown.substring(end);
    }

    @Test
    void atEverySplitTheFieldIsFoundAndAllElseHandedOn() {
        String tricky = "\r\n--" + B.substring(1) + "\r\n\r\r\n--" + "-a-\r\n---a-" + "x--" + B + "\r\n-";
        String form = form(part("name=\"file\"; filename=\"--" + B + ".wav\"", tricky), MODEL, part("name=\"n\"", ""));
        String wanted = seen(form, "whisper-1");

        for (int cut = 0; cut <= form.length(); cut++) {
            assertThat(scan(form, cut)).as("cut at %s", cut).isEqualTo(wanted);
        }
        int[] each = java.util.stream.IntStream.range(1, form.length()).toArray();
        assertThat(scan(form, each)).isEqualTo(wanted);
    }

    @Property(tries = 500)
    void howeverAFormIsSplitTheSameIsSeen(
            @ForAll("contents") List<String> contents, @ForAll("cuts") List<Double> cuts) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < contents.size(); i++) {
            parts.add(part("name=\"f" + i + "\"; filename=\"x\"", contents.get(i)));
        }
        parts.add(parts.size() / 2, MODEL);
        String form = form(parts.toArray(new String[0]));
        int[] at = cuts.stream()
                .mapToInt(cut -> (int) (cut * form.length()))
                .sorted()
                .toArray();

        assertThat(scan(form, at)).isEqualTo(seen(form, "whisper-1"));
    }

    @Provide
    Arbitrary<List<String>> contents() {
        Arbitrary<String> piece = Arbitraries.of("\r", "\n", "\r\n", "-", "--", "a", "b", "-a-", "x", "\0", "é");
        // A boundary at the start of a line is what a file must not hold: whoever writes a form sees to that.
        return piece.list()
                .ofMaxSize(40)
                .map(pieces -> String.join("", pieces))
                .filter(content -> !("\r\n" + content).matches("(?s).*[\r\n]--" + B + ".*"))
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<Double>> cuts() {
        return Combinators.combine(
                        Arbitraries.doubles().between(0, 1).list().ofMaxSize(30),
                        Arbitraries.doubles().between(0, 1))
                .as((many, one) -> {
                    List<Double> all = new ArrayList<>(many);
                    all.add(one);
                    return all;
                });
    }

    @Test
    void aFormWithoutTheFieldIsHandedOnAsItIs() {
        String form = form(part("name=\"file\"; filename=\"x\"", "abc"));

        assertThat(scan(form)).isEqualTo(seen(form, null));
        assertThat(scan("--" + B + "--")).isEqualTo("--" + B + "-|-");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name=\"model\"; filename=\"m\"",
                "name=\"model\"; filename*=utf-8''m",
                "name=\"Model\"",
                "name=\" model\"",
                "name=\"mo\\del\"",
                "name*=utf-8''model",
                "name=\"x\"; name=\"model\"",
                "name=\"x\"; name*=utf-8''model",
                "filename=\"x\"",
                "name=\"x",
                "name=\"x\" model",
            })
    void aPartThatReadersMayTakeForAnotherIsRefused(String disposition) {
        refused(form(part(disposition, "whisper-1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Disposition: form-data; name=\"x\"\r\n",
                "Content-Transfer-Encoding: base64\r\n",
                "Content-Type: text/plain; charset=utf-16\r\n",
                " folded\r\n",
                "x: a\nContent-Disposition: form-data; name=\"y\"\r\n",
                "no header\r\n",
            })
    void aFieldWithMisleadingHeadersIsRefused(String header) {
        refused(form(part("name=\"model\"", "whisper-1", header)));
    }

    @Test
    void whatStandsOutsideOfThePartsIsRefused() {
        String form = form(MODEL);
        refused("preamble\r\n" + form);
        refused("\r\n" + form);
        refused(form + "--" + B + "\r\n");
        refused(form.replace("--" + B + "--", "--" + B + " --"));
        refused(form.replaceFirst("--" + B, "--" + B + "x"));
        refused(form(MODEL, MODEL));
        refused(form(part("name=\"x\"", "y\n--" + B + "\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nz")));
        refused(form(part("name=\"model\"", "x".repeat(2_000))));
        refused(form(part("name=\"model\"", "")));
        refused(form(part("name=\"x\"", "y", "x: " + "z".repeat(10_000) + "\r\n")));
    }

    @Test
    void aFormThatEndsTooEarlyIsRefused() {
        String form = form(MODEL);
        for (int size = 0; size < form.length() - 2; size++) {
            refused(form.substring(0, size));
        }
    }

    @Test
    void theNameMayBeWrittenWithoutQuotesAndOtherHeadersMayFollow() {
        String form = form(part(
                "name=model", "whisper-1", "Content-Type: text/plain; charset=utf-8\r\n", "Content-Length: 9\r\n"));

        assertThat(scan(form)).contains("<<whisper-1>>");
    }

    private static void refused(String form) {
        assertThatThrownBy(() -> scan(form)).as(form).isInstanceOf(Refusal.class);
    }
}
