package dev.tollgate.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.Header;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes down what it hears of an answer, and whether it heard anything after the end. */
final class Heard implements UpstreamListener {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;
    private List<Header> headers = List.of();
    private boolean ended;
    private UpstreamFailure failure;
    private final AtomicInteger late = new AtomicInteger();

    @Override
    public synchronized void head(int httpStatus, List<Header> fields) {
        noteLate();
        status = httpStatus;
        headers = fields;
    }

    @Override
    public synchronized void data(ByteBuffer bytes) {
        noteLate();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        body.writeBytes(copy);
    }

    @Override
    public synchronized void end() {
        noteLate();
        ended = true;
    }

    @Override
    public synchronized void failed(UpstreamFailure what) {
        noteLate();
        failure = what;
    }

    private void noteLate() {
        if (isOver()) {
            late.incrementAndGet();
        }
    }

    synchronized boolean isOver() {
        return ended || failure != null;
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    synchronized int status() {
        return status;
    }

    synchronized String text() {
        return body.toString(UTF_8);
    }

    synchronized int size() {
        return body.size();
    }

    synchronized UpstreamFailure failure() {
        return failure;
    }

    synchronized String header(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst()
                .orElse("");
    }

    int heardLate() {
        return late.get();
    }
}
