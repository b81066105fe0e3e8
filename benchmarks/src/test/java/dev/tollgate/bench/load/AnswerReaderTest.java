package dev.tollgate.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
    private final AnswerReader reader = new AnswerReader();

    @Test
    void anAnswerWithALengthEndsWhereItSays() {
        assertEndsAtItsLastByte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    }

    @Test
    void anAnswerInChunksEndsAfterItsTrailers() {
        assertEndsAtItsLastByte(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n2\r\n\r\n\r\n0\r\nA: b\r\n\r\n");
    }

    @Test
    void anEmptyAnswerEndsWithItsHead() {
        assertEndsAtItsLastByte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void bytesAfterTheEndAreAFault() {
        byte[] bytes = bytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab");

        assertThatThrownBy(() -> reader.read(bytes, 0, bytes.length)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void statusAndClosingAreReadFromTheHead() {
        byte[] bytes = bytes("HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

        assertThat(reader.read(bytes, 0, bytes.length)).isTrue();
        assertThat(reader.status()).isEqualTo(503);
        assertThat(reader.closes()).isTrue();
        assertThat(reader.bodySeen()).isFalse();
    }

    /** In two pieces, cut at each place in turn, and byte for byte. */
    private void assertEndsAtItsLastByte(String answer) {
        byte[] bytes = bytes(answer);
        for (int cut = 1; cut < bytes.length; cut++) {
            reader.reset();
            assertThat(reader.read(bytes, 0, cut)).as("cut at %d", cut).isFalse();
            assertThat(reader.read(bytes, cut, bytes.length))
                    .as("cut at %d", cut)
                    .isTrue();
        }
        reader.reset();
        for (int at = 0; at < bytes.length; at++) {
            assertThat(reader.read(bytes, at, at + 1)).isEqualTo(at == bytes.length - 1);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
