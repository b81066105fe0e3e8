package dev.tollgate.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A client that sends exactly the bytes it is told to, and tells how the connection ended. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final StringBuilder received = new StringBuilder();

    public RawClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was read, and whether the server then closed the connection. */
    public record Answer(String text, boolean closed) {
        public int status() {
            return text.startsWith("HTTP/1.") ? Integer.parseInt(text.substring(9, 12)) : 0;
        }

        public String body() {
            int end = text.indexOf("\r\n\r\n");
            return end < 0 ? "" : text.substring(end + 4);
        }

        public String head() {
            int end = text.indexOf("\r\n\r\n");
            return (end < 0 ? text : text.substring(0, end)).toLowerCase(Locale.ROOT);
        }

        /** Whether the body in chunks has its last one. */
        public boolean isWholeInChunks() {
            return text.endsWith("0\r\n\r\n");
        }
    }

    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request head and a body of its length. */
    public RawClient post(String path, String body) {
        return send("POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    public RawClient get(String path) {
        return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
    }

    /** Reads until the text has come, the server has closed, or nothing has come for a while. */
    public Answer readUntil(String text, Duration patience) {
        int from = 0;
        while (received.indexOf(text, from) < 0) {
            from = Math.max(0, received.length() - text.length());
            int count = read(patience);
            if (count <= 0) {
                return new Answer(received.toString(), count < 0);
            }
        }
        return new Answer(received.toString(), false);
    }

    /** Reads what is there; returns how much it was, 0 when nothing came for a while, -1 when the connection is closed. */
    private int read(Duration patience) {
        byte[] buffer = new byte[16 * 1024];
        try {
            socket.setSoTimeout((int) patience.toMillis());
            int count = socket.getInputStream().read(buffer);
            if (count > 0) {
                received.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
            return count;
        } catch (SocketTimeoutException e) {
            return 0;
        } catch (IOException e) {
            return -1;
        }
    }

    /** Reads to the end of the connection, or until nothing has come for a while. */
    public Answer readToEnd(Duration patience) {
        return readUntil("\0never\0", patience);
    }

    /** Reads one answer, in chunks or of declared length. */
    public Answer readAnswer() {
        Duration patience = Duration.ofSeconds(20);
        Answer head = readUntil("\r\n\r\n", patience);
        int at = head.head().indexOf("content-length:");
        if (at < 0) {
            return head.head().contains("chunked") ? readUntil("0\r\n\r\n", patience) : head;
        }
        String declared = head.head().substring(at + 15).split("\r\n", 2)[0].trim();
        int whole = head.head().length() + 4 + Integer.parseInt(declared);
        int last = 1;
        while (received.length() < whole && last > 0) {
            last = read(patience);
        }
        return new Answer(received.toString(), last < 0);
    }

    /** Starts over with what is read from now on: the next answer on the same connection. */
    public RawClient forget() {
        received.setLength(0);
        return this;
    }

    /** Ends what this side sends, and still reads. */
    public RawClient shutdownOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves as a client does that is killed: with a reset. */
    public void vanish() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
