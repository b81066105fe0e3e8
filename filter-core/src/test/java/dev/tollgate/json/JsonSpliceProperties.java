package dev.tollgate.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

class JsonSpliceProperties {

    /** One member as it stands in the text, white space included. */
    record Piece(String before, String name, String colon, String value, String after) {
        String key() {
            return before + '"' + name + '"' + colon;
        }

        String text() {
            return key() + value + after;
        }
    }

    @Property
    void anUnchangedDocumentIsByteForByteTheSame(
            @ForAll("documents") List<Piece> pieces, @ForAll("spaces") String end) {
        String text = document(pieces, end);

        assertThat(spliced(text, Map.of())).isEqualTo(text);
    }

    @Property
    void everyByteOutsideTheReplacedValuesIsUnchanged(
            @ForAll("documents") List<Piece> pieces, @ForAll Set<Integer> which, @ForAll("spaces") String end) {
        Map<String, @Nullable JsonNode> changes = new LinkedHashMap<>();
        List<Piece> expected = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (which.contains(i)) {
                changes.put(unescaped(piece.name), StringNode.valueOf("ne\"w" + i));
                expected.add(new Piece(piece.before, piece.name, piece.colon, "\"ne\\\"w" + i + "\"", piece.after));
            } else {
                expected.add(piece);
            }
        }

        assertThat(spliced(document(pieces, end), changes)).isEqualTo(document(expected, end));
    }

    @Property
    void removedMembersLeaveTheOthersAsTheyWere(
            @ForAll("documents") List<Piece> pieces, @ForAll Set<Integer> which, @ForAll("spaces") String end) {
        Map<String, @Nullable JsonNode> changes = new LinkedHashMap<>();
        List<Piece> kept = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            if (which.contains(i)) {
                changes.put(unescaped(pieces.get(i).name), null);
            } else {
                kept.add(pieces.get(i));
            }
        }

        String result = spliced(document(pieces, end), changes);

        int from = 0;
        for (Piece piece : kept) {
            String whole = '"' + piece.name + '"' + piece.colon + piece.value;
            assertThat(result.indexOf(whole, from)).isGreaterThanOrEqualTo(from);
            from = result.indexOf(whole, from) + whole.length();
        }
        assertThat(result).endsWith("}" + end);
        assertThat(JsonDocument.parse(result.getBytes(UTF_8)).tree().size()).isEqualTo(kept.size());
    }

    @Property
    void addedMembersComeLastAndNothingElseMoves(@ForAll("documents") List<Piece> pieces) {
        Map<String, @Nullable JsonNode> changes = new LinkedHashMap<>();
        changes.put("added \"one\"", StringNode.valueOf("1"));
        changes.put("added two", StringNode.valueOf("2"));
        String text = document(pieces, "");

        String result = spliced(text, changes);

        String addition = "\"added \\\"one\\\"\":\"1\",\"added two\":\"2\"";
        String tail = pieces.isEmpty() ? "" : pieces.get(pieces.size() - 1).after;
        String head = text.substring(0, text.length() - 1 - tail.length());
        assertThat(result).isEqualTo(head + (pieces.isEmpty() ? "" : ",") + addition + tail + "}");
    }

    @Provide
    Arbitrary<List<Piece>> documents() {
        Arbitrary<Piece> piece = Combinators.combine(spaces(), names(), colons(), values(), spaces())
                .as(Piece::new);
        return piece.list().ofMaxSize(6).uniqueElements(p -> unescaped(p.name));
    }

    @Provide
    Arbitrary<String> spaces() {
        return Arbitraries.strings().withChars(" \t\r\n").ofMaxLength(3);
    }

    private static Arbitrary<String> colons() {
        return Arbitraries.of(":", " :", ": ", "\n:\t ");
    }

    private static Arbitrary<String> names() {
        return Arbitraries.of(
                "model",
                "stream",
                "",
                "mod\\u0065l2",
                "a\\\"b",
                "é",
                "😀",
                "messages",
                "x,y",
                "{",
                "a very long name of it");
    }

    private static Arbitrary<String> values() {
        return Arbitraries.of(
                "1",
                "-0.50e-3",
                "true",
                "false",
                "null",
                "\"\"",
                "\"text, with } and \\\" in it \\\\\"",
                "\"\\u00e9 é 😀\"",
                "{}",
                "[]",
                "[ ]",
                "[1, {\"model\" : \"x\"} ,[]]",
                "{\"model\":{\"model\":[\"model\"]} , \"a\":1 }");
    }

    private static String unescaped(String name) {
        return name.replace("\\u0065", "e").replace("\\\"", "\"");
    }

    private static String document(List<Piece> pieces, String end) {
        List<String> texts = pieces.stream().map(Piece::text).toList();
        return "{" + String.join(",", texts) + "}" + end;
    }

    private static String spliced(String text, Map<String, @Nullable JsonNode> changes) {
        return new String(JsonDocument.parse(text.getBytes(UTF_8)).with(changes), UTF_8);
    }
}
