package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;

/** The provider's end of one connection, for scripts. */
public final class Peer {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final AtomicInteger left;
    private Received request;
    private boolean finished;

    Peer(Socket socket, AtomicInteger left) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.left = left;
    }

    /** The request this script answers. */
    public Received request() {
        return request;
    }

    /** What the other side showed of itself over TLS. */
    public List<Certificate> certificates() throws IOException {
        return List.of(((SSLSocket) socket).getSession().getPeerCertificates());
    }

    boolean isFinished() {
        return finished || socket.isClosed();
    }

    /** @param lazily whether the script reads the body */
    boolean readRequest(boolean lazily) throws IOException {
        String line = line();
        if (line == null) {
            left.incrementAndGet();
            return false;
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String field = line(); field != null && !field.isEmpty(); field = line()) {
            int colon = field.indexOf(':');
            headers.computeIfAbsent(field.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field.substring(colon + 1).trim());
        }
        request = new Received(line, headers, lazily ? new byte[0] : body(headers));
        return true;
    }

    private byte[] body(Map<String, List<String>> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            return chunks();
        }
        return in.readNBytes(Integer.parseInt(
                headers.getOrDefault("content-length", List.of("0")).get(0)));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.writeBytes(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    /** Reads the rest of a body that scripts read themselves; returns it. */
    public byte[] readBody() throws IOException {
        return body(request.headers());
    }

    /** Reads some bytes of a body that scripts read themselves, as they are on the wire. */
    public byte[] readBytes(int most) throws IOException {
        return in.readNBytes(most);
    }

    /** Reads the rest of a body of declared length, of which some bytes were read, without keeping it; returns its size. */
    public long skipBody(long already) throws IOException {
        long left = Long.parseLong(request.header("content-length").orElseThrow()) - already;
        in.skipNBytes(left);
        return left;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(ISO_8859_1);
    }

    /** Sends a head; {@code headers} are whole lines. */
    public Peer head(int status, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return raw(head.append("\r\n").toString());
    }

    /** Sends bytes as they are. */
    public Peer raw(String bytes) throws IOException {
        return raw(bytes.getBytes(UTF_8));
    }

    public Peer raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Sends a whole answer. */
    public Peer answer(int status, String contentType, String body, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: " + contentType);
        all.add("Content-Length: " + body.getBytes(UTF_8).length);
        return head(status, all.toArray(new String[0])).raw(body);
    }

    public Peer json(int status, String body, String... headers) throws IOException {
        return answer(status, "application/json", body, headers);
    }

    /** Begins a chunked event stream. */
    public Peer stream(String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: text/event-stream; charset=utf-8");
        all.add("Transfer-Encoding: chunked");
        return head(200, all.toArray(new String[0]));
    }

    /** Sends one chunk. */
    public Peer chunk(String data) throws IOException {
        return chunk(data.getBytes(UTF_8));
    }

    public Peer chunk(byte[] bytes) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
        chunk.writeBytes(bytes);
        chunk.writeBytes("\r\n".getBytes(UTF_8));
        return raw(chunk.toByteArray());
    }

    /** Sends one event with data only, as a chunk. */
    public Peer data(String json) throws IOException {
        return chunk("data: " + json + "\n\n");
    }

    /** Sends one named event, as a chunk. */
    public Peer event(String name, String json) throws IOException {
        return chunk("event: " + name + "\ndata: " + json + "\n\n");
    }

    /** Ends a chunked body properly. */
    public Peer endChunks() throws IOException {
        return raw("0\r\n\r\n");
    }

    /** Sends bytes one at a time, a millisecond apart. */
    public Peer drip(String bytes) throws IOException, InterruptedException {
        for (byte b : bytes.getBytes(UTF_8)) {
            raw(new byte[] {b});
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return this;
    }

    /** Waits until a test lets it go on. */
    public Peer await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(30, TimeUnit.SECONDS)) {
            throw new InterruptedException("nobody opened the latch");
        }
        return this;
    }

    /** Closes the connection with a FIN. */
    public void close() throws IOException {
        finished = true;
        socket.close();
    }

    /** Says that nothing more will be sent, and stays to read. */
    public void halfClose() throws IOException {
        finished = true;
        socket.shutdownOutput();
        untilClosed();
    }

    /** Breaks the connection with a RST. */
    public void reset() throws IOException {
        finished = true;
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Sends nothing and stays until the other side closes the connection. */
    public void untilClosed() {
        finished = true;
        try {
            while (in.read() >= 0) {
                // whatever still comes is of no interest
            }
        } catch (IOException closed) {
            // a reset is a close too
        }
        left.incrementAndGet();
    }
}
