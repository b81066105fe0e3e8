package dev.tollgate.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tollgate.Refusal;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Hostile request bodies: one is refused, or is an object whose members stand where they are said to. */
@Tag("fuzz")
class JsonDocumentFuzzTest {

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1h")
    void bodies(byte[] data) {
        JsonDocument document;
        try {
            document = JsonDocument.parse(data);
        } catch (Refusal refused) {
            return;
        }
        ObjectNode expected = document.tree().deepCopy().put("model", "other");
        byte[] spliced = document.with(Map.of("model", StringNode.valueOf("other")));
        assertThat(document.with(Map.of())).isEqualTo(data);
        assertThat(JsonDocument.parse(spliced).tree()).isEqualTo(expected);
        assertThat(JsonDocument.parse(spliced).text("model")).contains("other");
    }

    static Stream<byte[]> seeds() {
        return Stream.concat(
                Stream.of(
                                "",
                                "{}",
                                " {\"model\" : \"a\" , \"n\":[1e3,-0.5,{\"x\":null}]}\n",
                                "{\"a\":1,\"a\":2}",
                                "{\"mod\\u0065l\":\"a\",\"b\":\"\\ud83d\\ude00\"}",
                                "{\"a\":1e999}",
                                "{\"a\":" + "[".repeat(70),
                                "{\"model\":\"a\"} x",
                                "{\"a\":tru",
                                "[1]")
                        .map(text -> text.getBytes(UTF_8)),
                Stream.of(
                        new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'},
                        Arrays.copyOf(new byte[0], 9)));
    }
}
