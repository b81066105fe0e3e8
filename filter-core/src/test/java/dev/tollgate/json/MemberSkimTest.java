package dev.tollgate.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class MemberSkimTest {

    private static String found(String json, boolean lines, int cut) {
        MemberSkim skim = new MemberSkim("usage", lines);
        byte[] bytes = json.getBytes(UTF_8);
        skim.feed(Arrays.copyOfRange(bytes, 0, cut));
        skim.feed(Arrays.copyOfRange(bytes, cut, bytes.length));
        return skim.found().map(JsonNode::toString).orElse("-");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"usage\":{\"a\":1}}|{\"a\":1}",
                "{\"x\":{\"usage\":1},\"usage\" : [2, {\"usage\":3}] ,\"y\":4}|[2,{\"usage\":3}]",
                "{\"x\":\"\\\"usage\\\":5\",\"usage\":\"a\\\"},\"}|\"a\\\"},\"",
                "{\"usages\":1,\"usag\":2,\"\\u0075sage\":3}|-",
                "{\"x\":\"usage\",\"y\":1}|-",
                "[{\"usage\":1}]|-",
                "not JSON at all: \"usage\" {|-",
                "{\"usage\":tru,\"y\":1}|-",
            })
    void theTopLevelMemberIsFoundAtEverySplit(String json, String wanted) {
        for (int cut = 0; cut <= json.getBytes(UTF_8).length; cut++) {
            assertThat(found(json, false, cut)).as("cut at %s", cut).isEqualTo(wanted);
        }
    }

    @Test
    void inAnEventStreamTheLastOneCounts() {
        String stream = """
                event: a
                data: {"usage":{"n":1}}

                data: {"x":"cut

                data: {"y":{},"usage":{"n":2}}

                data: [DONE]

                """;
        for (int cut = 0; cut <= stream.length(); cut++) {
            assertThat(found(stream, true, cut)).isEqualTo("{\"n\":2}");
        }
    }

    @Test
    void aHugeValueIsNotKept() {
        assertThat(found("{\"usage\":\"" + "x".repeat(100_000) + "\"}", false, 0))
                .isEqualTo("-");
    }
}
