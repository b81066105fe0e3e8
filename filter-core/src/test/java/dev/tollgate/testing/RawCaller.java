package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A caller on a plain socket, so that nothing of the answer is lost or made good. It asks once. */
public final class RawCaller implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Talk talk;
    private final boolean stream;
    private final Socket socket;
    private final long beganNanos;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    private RawCaller(Talk talk, boolean stream, Socket socket) {
        this.talk = talk;
        this.stream = stream;
        this.socket = socket;
        this.beganNanos = System.nanoTime();
    }

    /**
     * A question.
     *
     * @param model the model's name
     * @param headers besides those that every request has
     */
    public record Question(Talk talk, boolean stream, String model, String text, Map<String, String> headers) {
        /** The same with one more header. */
        public Question with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Question(talk, stream, model, text, more);
        }

        private byte[] bytes() {
            byte[] body = talk.request(stream, text, "")
                    .replace("\"smart\"", "\"" + model + "\"")
                    .getBytes(UTF_8);
            StringBuilder head = new StringBuilder("POST ")
                    .append(talk.path(stream).replace("/smart", "/" + model))
                    .append(" HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: application/json\r\n")
                    .append("Content-Length: ")
                    .append(body.length)
                    .append("\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(head.append("\r\n").toString().getBytes(UTF_8));
            all.writeBytes(body);
            return all.toByteArray();
        }
    }

    /** Asks, and reads to the end. */
    public static RawAnswer ask(int port, Question question) {
        try (RawCaller caller = begin(port, question)) {
            return caller.readToEnd();
        }
    }

    /** Asks. */
    public static RawCaller begin(int port, Question question) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            RawCaller caller = new RawCaller(question.talk(), question.stream(), socket);
            socket.getOutputStream().write(question.bytes());
            return caller;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether something has come that was not read yet. */
    public boolean hears() {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until a text has come or the connection has ended. */
    public void readUntil(String text) {
        int before = -1;
        while (!received.toString(UTF_8).contains(text) && received.size() > before) {
            before = received.size();
            readUntil(before + 1);
        }
    }

    /** Reads to the end of the connection. */
    public RawAnswer readToEnd() {
        readUntil(Integer.MAX_VALUE);
        return RawAnswer.read(talk, stream, received.toByteArray(), System.nanoTime() - beganNanos);
    }

    /** Reads until so many bytes have come or the connection has ended; returns how many have come. */
    public int readUntil(int bytes) {
        byte[] buffer = new byte[16 * 1024];
        try {
            while (received.size() < bytes) {
                int count = socket.getInputStream().read(buffer);
                if (count < 0) {
                    break;
                }
                received.write(buffer, 0, count);
            }
        } catch (SocketTimeoutException hung) {
            throw new AssertionError("nothing came for " + PATIENCE_MILLIS + " ms after " + received, hung);
        } catch (SocketException brokenOff) {
            // that is an end too
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return received.size();
    }

    /** Leaves as a client does that is killed, with a RST, or as one that closes, with a FIN. */
    public void leave(boolean reset) {
        try {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        leave(false);
    }
}
