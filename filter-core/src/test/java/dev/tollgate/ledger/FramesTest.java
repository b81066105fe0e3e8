package dev.tollgate.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.ErrorCode;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final Entry FIRST = Rows.started("c1/1");
    private static final Entry SECOND = Rows.ended("c1/1");
    private static final Entry THIRD = Rows.called("c1");

    @Property
    void whatIsWrittenIsRead(@ForAll("entries") List<Entry> entries) {
        assertThat(Rows.read(Rows.file(entries.toArray(Entry[]::new))).rows()).isEqualTo(entries);
    }

    @Property
    void momentsOfRowsAreReadAsTheyWereWritten(@ForAll("moments") Instant at) {
        assertThat(Times.ofRow(at.toString())).isEqualTo(at);
    }

    @Provide
    Arbitrary<Instant> moments() {
        return Arbitraries.oneOf(
                at(),
                Arbitraries.longs().between(-62_167_219_200L, 253_402_300_799L).map(Instant::ofEpochSecond));
    }

    @Test
    void aRowIsALineOfJsonBehindItsLengthAndChecksum() {
        String[] lines = new String(Rows.file(FIRST), UTF_8).split("\n");
        assertThat(lines[1])
                .matches("000000[0-9a-f]{2} [0-9a-f]{8} \\{.*\\}")
                .endsWith("{\"row\":\"started\",\"id\":\"c1/1\",\"at\":\"2026-11-24T12:00:00Z\",\"key\":\"ci\","
                        + "\"team\":\"search\",\"user\":\"ann\",\"model\":\"smart\",\"target\":\"openai/gpt-5.1\","
                        + "\"reserved-input\":100,\"reserved-output\":50,\"cost\":700}");
    }

    @Test
    void ofAFileCutAtAnyByteAllWholeRowsAreRead() {
        byte[] file = Rows.file(FIRST, SECOND, THIRD);
        int before = Rows.file(FIRST, SECOND).length;
        for (int length = before; length < file.length; length++) {
            Rows.Read read = Rows.read(java.util.Arrays.copyOf(file, length));
            assertThat(read.rows()).containsExactly(FIRST, SECOND);
            assertThat(read.soundUpTo()).isEqualTo(before);
            assertThat(read.damages()).hasSize(length == before ? 0 : 1).allMatch(Damage::atEnd);
        }
    }

    @Test
    void oneWrongByteCostsNoMoreThanItsRowAndIsTold() {
        byte[] file = Rows.file(FIRST, SECOND, THIRD);
        int from = Rows.file(FIRST).length;
        int to = Rows.file(FIRST, SECOND).length;
        for (int at = from; at < to; at++) {
            for (int bit = 1; bit < 256; bit <<= 1) {
                byte[] wrong = file.clone();
                wrong[at] ^= (byte) bit;
                Rows.Read read = Rows.read(wrong);
                assertThat(read.rows()).containsSubsequence(FIRST, THIRD).hasSizeBetween(2, 3);
                assertThat(read.rows()).isSubsetOf(FIRST, SECOND, THIRD);
                assertThat(read.damages())
                        .as("byte %s bit %s", at, bit)
                        .isNotEmpty()
                        .allMatch(damage -> damage.offset() >= from && damage.offset() < to);
            }
        }
    }

    @Test
    void zerosBehindTheLastRowAreItsTornEnd() {
        byte[] file = Rows.file(FIRST);
        Rows.Read read = Rows.read(java.util.Arrays.copyOf(file, file.length + 300_000));
        assertThat(read.rows()).containsExactly(FIRST);
        assertThat(read.damages()).singleElement().satisfies(damage -> {
            assertThat(damage.atEnd()).isTrue();
            assertThat(damage.offset()).isEqualTo(file.length);
            assertThat(damage.bytes()).isEqualTo(300_000);
        });
    }

    @Test
    void kindsAndMembersOfLaterVersionsArePassedOver() {
        byte[] file = joined(
                Rows.file(FIRST),
                line("{\"row\":\"refund\",\"id\":\"x\"}"),
                line("{\"row\":\"called\",\"id\":\"c2\",\"at\":\"2026-11-24T12:00:00Z\",\"status\":200,"
                        + "\"region\":{\"a\":[1,2]},\"error\":\"provider_tired\"}"));
        Rows.Read read = Rows.read(file);
        assertThat(read.damages()).isEmpty();
        assertThat(read.rows()).hasSize(2);
        assertThat(read.rows().get(1)).isInstanceOfSatisfying(Entry.Called.class, called -> {
            assertThat(called.call()).isEqualTo("c2");
            assertThat(called.error()).isEqualTo(ErrorCode.GATEWAY_INTERNAL);
        });
    }

    @Test
    void aSoundLineThatIsNoRowIsTold() {
        byte[] file = joined(Rows.file(FIRST), line("{\"row\":\"ended\"}"), line("nonsense"), Rows.file(THIRD));
        Rows.Read read = Rows.read(file);
        assertThat(read.rows()).containsExactly(FIRST, THIRD);
        assertThat(read.damages()).extracting(Damage::what).hasSize(2).first().isEqualTo("'id' is missing");
    }

    @Test
    void textsThatAreTooLongAreCut() {
        Entry entry = new Entry.Started("i", Rows.NOON, Party.NONE, "x".repeat(5_000), 1, 1, OptionalLong.empty());
        assertThat(Rows.read(Rows.file(entry)).rows())
                .singleElement()
                .isInstanceOfSatisfying(
                        Entry.Started.class, row -> assertThat(row.target()).isEqualTo("x".repeat(300)));
    }

    private static byte[] line(String json) {
        byte[] utf8 = json.getBytes(UTF_8);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(utf8);
        return String.format("%08x %08x %s%n", utf8.length, crc.getValue(), json)
                .getBytes(UTF_8);
    }

    private static byte[] joined(byte[]... pieces) {
        java.io.ByteArrayOutputStream whole = new java.io.ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            whole.writeBytes(piece);
        }
        return whole.toByteArray();
    }

    @Provide
    Arbitrary<List<Entry>> entries() {
        return Arbitraries.oneOf(started(), ended(), called()).list().ofMaxSize(20);
    }

    private static Arbitrary<Entry> started() {
        return Combinators.combine(text(), at(), party(), text(), count(), count(), cost())
                .as(Entry.Started::new);
    }

    private static Arbitrary<Entry> ended() {
        return Combinators.combine(text(), at(), party(), text(), Arbitraries.integers(), error(), usage(), cost())
                .as((id, at, party, target, status, error, usage, cost) ->
                        new Entry.Ended(id, at, party, target, status, error, usage, status % 2 == 0, cost));
    }

    private static Arbitrary<Entry> called() {
        return Combinators.combine(
                        text(), at(), party(), text().injectNull(0.2), Arbitraries.integers(), error(), usage(), cost())
                .as((id, at, party, target, n, error, usage, cost) -> new Entry.Called(
                        id, at, party, target, n, n / 2, error, usage, n % 2 == 0, cost, (long) n * n));
    }

    private static Arbitrary<String> text() {
        return Arbitraries.strings()
                .withCharRange('\0', '\ud7ff')
                .withChars("\"\\\n\r\t\u0000\u2028")
                .ofMaxLength(300);
    }

    private static Arbitrary<Party> party() {
        Arbitrary<@Nullable String> name = Arbitraries.strings()
                .withCharRange('\0', '\ud7ff')
                .ofMaxLength(20)
                .injectNull(0.3);
        return Combinators.combine(name, name, name, name).as(Party::new);
    }

    private static Arbitrary<Instant> at() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 253_402_300_799L),
                        Arbitraries.integers().between(0, 999_999_999))
                .as((seconds, nanos) -> Instant.ofEpochSecond(seconds, nanos));
    }

    private static Arbitrary<Long> count() {
        return Arbitraries.longs();
    }

    private static Arbitrary<OptionalLong> cost() {
        return Arbitraries.longs()
                .injectNull(0.3)
                .map(cost -> cost == null ? OptionalLong.empty() : OptionalLong.of(cost));
    }

    private static Arbitrary<@Nullable ErrorCode> error() {
        return Arbitraries.of(ErrorCode.class).injectNull(0.5);
    }

    private static Arbitrary<Usage> usage() {
        return count().list()
                .ofSize(10)
                .map(n -> new Usage(
                        n.get(0),
                        n.get(1),
                        n.get(2),
                        n.get(3),
                        n.get(4),
                        n.get(5),
                        n.get(6),
                        n.get(7),
                        n.get(8),
                        n.get(9),
                        Extras.NONE));
    }
}
