package dev.tollgate.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

class JsonDocumentTest {

    @Test
    void anEscapedNameIsTheSameMember() {
        JsonDocument document = parse("{\"mod\\u0065l\":\"a\"}");

        assertThat(document.text("model")).contains("a");
        assertThat(with(document, "model", StringNode.valueOf("b"))).isEqualTo("{\"mod\\u0065l\":\"b\"}");
    }

    @Test
    void anEscapedNameIsADuplicateOfThePlainOne() {
        assertThat(refusal("{\"model\":\"a\",\n \"mod\\u0065l\":\"b\"}").message())
                .startsWith("the request body has a member twice (line 2, column ");
    }

    @Test
    void aNestedMemberOfTheSameNameIsLeftAlone() {
        JsonDocument document =
                parse("{\"a\":{\"model\":\"inner\"},\"model\":\"outer\",\"b\":[{\"model\":\"inner\"}]}");

        assertThat(with(document, "model", StringNode.valueOf("new")))
                .isEqualTo("{\"a\":{\"model\":\"inner\"},\"model\":\"new\",\"b\":[{\"model\":\"inner\"}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"x\":1, \"a\":2, \"b\":3}  | {\"a\":2, \"b\":3}",
                "{\"a\":2, \"x\":[1,2] , \"b\":3} | {\"a\":2 , \"b\":3}",
                "{\"a\":2 , \"b\":3, \"x\":{} } | {\"a\":2 , \"b\":3 }",
                "{ \"x\":\"}\" } | {  }",
            })
    void aMemberIsRemovedWithItsComma(String text, String expected) {
        assertThat(with(parse(text), "x", null)).isEqualTo(expected);
    }

    @Test
    void aMemberIsAddedToAnEmptyObject() {
        assertThat(with(parse(" { }\n"), "a", StringNode.valueOf("b"))).isEqualTo(" {\"a\":\"b\" }\n");
    }

    @Test
    void valuesAreReadWithoutATree() {
        JsonDocument document = parse("{\"t\":true,\"f\":false,\"n\":null,\"i\":1,\"s\":\"a\\\"\\u00e9\",\"é\":\"ü\"}");

        assertThat(document.isTrue("t")).isTrue();
        assertThat(document.isTrue("f")).isFalse();
        assertThat(document.isTrue("absent")).isFalse();
        assertThat(document.has("n")).isTrue();
        assertThat(document.text("n")).isEmpty();
        assertThat(document.text("i")).isEmpty();
        assertThat(document.text("s")).contains("a\"é");
        assertThat(document.text("é")).contains("ü");
        assertThat(document.member("i").orElseThrow().intValue()).isEqualTo(1);
        assertThat(document.member("absent")).isEmpty();
    }

    @Test
    void numbersInTheTreeKeepTheirDigits() {
        String text = "{\"a\":0.10,\"b\":1.0,\"c\":18446744073709551615,\"d\":1e2,\"e\":0.1234567890123456789}";

        assertThat(Json.text(parse(text).tree())).isEqualTo(text.replace("1e2", "1E+2"));
    }

    @Test
    void halfASurrogatePairSurvivesTheTree() {
        String text = "{\"a\":\"cut \\uD83D\"}";

        assertThat(new String(Json.write(parse(text).tree()), UTF_8)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~ | the request body is empty",
                "~ \n~ | the request body is empty",
                "[1] | the request body must be a JSON object (line 1, column 1)",
                "null | the request body must be a JSON object",
                "{ | the request body ends before its JSON is complete (line 1, column 2)",
                "{\"a\" | the request body ends before its JSON is complete",
                "{\"a\": | the request body ends before its JSON is complete",
                "{\"a\":1 | the request body ends before its JSON is complete",
                "{\"a\":\"b | the request body ends before its JSON is complete",
                "{\"a\":[{} | the request body ends before its JSON is complete",
                "{\"a\":1,} | the request body is not valid JSON (line 1, column 8",
                "{\"a\":1}} | the request body is not valid JSON",
                "{\"a\":1} x | the request body is not valid JSON",
                "{\"a\":1}{} | the request body goes on after the JSON object (line 1, column 8)",
                "{\"a\":1} 2 | the request body goes on after the JSON object",
                "{'a':1} | the request body is not valid JSON",
                "{a:1} | the request body is not valid JSON",
                "{\"a\":01} | the request body is not valid JSON",
                "{\"a\":NaN} | the request body is not valid JSON",
                "{\"a\":+1} | the request body is not valid JSON",
                "{\"a\":.5} | the request body is not valid JSON",
                "{\"a\":\"\\x\"} | the request body is not valid JSON",
                "~{\"a\":\"\t\"}~ | the request body is not valid JSON",
                "{\"a\":tru} | the request body is not valid JSON",
                "/**/{} | the request body is not valid JSON",
                "{\"a\":1e400} | a number is beyond range (line 1, column 6, at a)",
                "{\"a\":-1e1000000000} | a number is beyond range",
                "{\"a\":1e-400} | a number is beyond range",
            })
    void aBadBodyIsRefusedWithItsPlace(String body, String message) {
        Refusal refusal = refusal(body == null ? "" : body);

        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
        assertThat(refusal.message()).startsWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":0e-400}", "{\"a\":0.0}", "{\"a\":1.7e308}", "{\"a\":4.9e-324}", "{\"a\":-0}"})
    void numbersWithinRangeAreTaken(String body) {
        assertThat(parse(body).has("a")).isTrue();
    }

    @Test
    void aDuplicateIsFoundAtAnyDepth() {
        Refusal refusal = refusal("{\"messages\":[{},{\"a\":1,\"content\":\"x\",\"content\":\"y\"}]}");

        assertThat(refusal.message()).startsWith("the request body has a member twice");
        assertThat(refusal.param()).hasValueSatisfying(path -> assertThat(path).startsWith("messages[1]"));
    }

    @Test
    void theFieldAtFaultIsNamedByItsPath() {
        Refusal refusal = refusal("{\"messages\":[{},{\"content\":\n[{\"n\":1e999}]}]}");

        assertThat(refusal.param()).contains("messages[1].content[0].n");
        assertThat(refusal.message()).endsWith("(line 2, column 7, at messages[1].content[0].n)");
    }

    @Test
    void aRefusalQuotesNothingOfTheContent() {
        assertThat(refusal("{\"a b <secret>\":{\"secret\":\"secret\" secret}}").message())
                .doesNotContain("secret");
    }

    @Test
    void nestingUpTo64IsTakenAndDeeperIsRefused() {
        assertThat(parse(nested(63)).has("a")).isTrue();
        assertThat(refusal(nested(64)).message()).startsWith("the request body is nested deeper than 64");
    }

    @Test
    void anAbsurdlyDeepBodyIsRefusedWithoutOverflow() {
        assertThat(refusal("{\"a\":".repeat(1_000_000)).message()).contains("deeper than 64");
        assertThat(refusal("{\"a\":" + "[".repeat(1_000_000)).message()).contains("deeper than 64");
    }

    @Test
    void anAbsurdlyLongNumberIsRefused() {
        assertThat(refusal("{\"a\":" + "9".repeat(100_000) + "}").message()).startsWith("a number is beyond range");
    }

    @Test
    void moreThanAMillionValuesAreRefused() {
        assertThat(refusal("{\"a\":[" + "1,".repeat(1_000_001) + "1]}").message())
                .contains("more values");
    }

    @Test
    void aByteOrderMarkIsRefusedByName() {
        assertThat(refusal("\ufeff{}").message()).contains("byte order mark");
    }

    @Test
    void aNulByteIsRefusedByName() {
        assertThat(refusal("{\"a\":\n\"b\0\"}").message())
                .isEqualTo("the request body holds a NUL byte (line 2, column 3)");
    }

    @Test
    void otherEncodingsOfUnicodeAreRefused() {
        for (String charset : new String[] {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"}) {
            byte[] bytes = "{\"a\":1}".getBytes(java.nio.charset.Charset.forName(charset));
            assertThat(catchThrowableOfType(Refusal.class, () -> JsonDocument.parse(bytes)))
                    .as(charset)
                    .isNotNull();
        }
    }

    @Test
    void invalidUtf8IsRefusedWhereverItStands() {
        int[][] faults = {
            {0x80},
            {0xc0, 0xaf},
            {0xc3},
            {0xe0, 0x80, 0x80},
            {0xed, 0xa0, 0x80},
            {0xf0, 0x80, 0x80, 0x80},
            {0xf4, 0x90, 0x80, 0x80},
            {0xff},
            {0xe2, 0x82}
        };
        for (int[] fault : faults) {
            for (int padding = 0; padding < 20; padding++) {
                byte[] body =
                        ("{\"a\":\"" + "x".repeat(padding) + "\u0001".repeat(fault.length) + "\"}").getBytes(UTF_8);
                for (int i = 0; i < fault.length; i++) {
                    body[6 + padding + i] = (byte) fault[i];
                }
                Refusal refusal = catchThrowableOfType(Refusal.class, () -> JsonDocument.parse(body));
                assertThat(refusal).as(Arrays.toString(fault)).isNotNull();
                assertThat(refusal.message())
                        .isEqualTo("the request body is not UTF-8 (line 1, column " + (7 + padding) + ")");
            }
        }
    }

    private static JsonDocument parse(String text) {
        return JsonDocument.parse(text.getBytes(UTF_8));
    }

    private static Refusal refusal(String text) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> parse(text));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    private static String nested(int arrays) {
        return "{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";
    }

    private static String with(JsonDocument document, String member, @Nullable JsonNode value) {
        Map<String, @Nullable JsonNode> changes = new HashMap<>();
        changes.put(member, value);
        return new String(document.with(changes), UTF_8);
    }
}
