package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * What a misbehaving provider does with one request, step by step. It is a value that says what it does, so that runs can
 * print it and play it again.
 *
 * @param bill what the provider will want to be paid for it
 */
public record WireScript(List<Step> steps, Bill bill) {

    /** What a provider's own invoice will say of a request. */
    public enum Bill {
        /** It costs nothing: it was refused, or never heard. */
        NOTHING,
        /** It costs what the answer says it used. */
        REPORTED,
        /** It costs something that nobody was told. */
        UNTOLD
    }

    /** One thing that is done. */
    public record Step(String name, Deed deed) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** How a step is done. */
    @FunctionalInterface
    public interface Deed {
        void by(Peer peer) throws IOException, InterruptedException;
    }

    public WireScript {
        steps = List.copyOf(steps);
    }

    public static WireScript of(Step... steps) {
        return new WireScript(Arrays.asList(steps), Bill.NOTHING);
    }

    /** The same with more at its end. */
    public WireScript then(Step... more) {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(Arrays.asList(more));
        return new WireScript(all, bill);
    }

    /** The same with another bill. */
    public WireScript billed(Bill other) {
        return new WireScript(steps, other);
    }

    void play(Peer peer) throws IOException, InterruptedException {
        for (Step step : steps) {
            step.deed().by(peer);
        }
    }

    @Override
    public String toString() {
        return steps.stream().map(Step::toString).collect(Collectors.joining(", "));
    }

    // --- heads

    /** Sends a head with these lines. */
    public static Step head(int status, String... lines) {
        return new Step("head " + status, peer -> peer.head(status, lines));
    }

    /** Sends a head with a great many headers. */
    public static Step headers(int count) {
        String[] lines = new String[count];
        Arrays.setAll(lines, i -> "x-header-" + i + ": " + i);
        return new Step(count + " headers", peer -> peer.head(200, lines));
    }

    /** Begins a stream in chunks. */
    public static Step streamHead(String mediaType, String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add("Content-Type: " + mediaType);
        all.add("Transfer-Encoding: chunked");
        return new Step("head 200 of a stream", peer -> peer.head(200, all.toArray(new String[0])));
    }

    /** Sends a whole answer with a true length. */
    public static Step answer(int status, String mediaType, String body, String... lines) {
        return new Step("answer " + status + " in " + mediaType, peer -> peer.answer(status, mediaType, body, lines));
    }

    // --- bodies

    public static Step raw(String text) {
        return raw(text.getBytes(UTF_8));
    }

    public static Step raw(byte[] bytes) {
        return new Step(bytes.length + " bytes", peer -> peer.raw(bytes));
    }

    /** Sends one chunk. */
    public static Step chunk(byte[] bytes) {
        return new Step("a chunk of " + bytes.length, peer -> peer.chunk(bytes));
    }

    public static Step chunk(String text) {
        return chunk(text.getBytes(UTF_8));
    }

    /** Ends the chunks properly. */
    public static Step endChunks() {
        return new Step("the last chunk", Peer::endChunks);
    }

    /** Says that a chunk is longer than it is. */
    public static Step chunkLie(byte[] bytes) {
        return new Step(
                "a chunk that is said to be longer",
                peer -> peer.raw(Integer.toHexString(bytes.length + 50) + "\r\n")
                        .raw(bytes));
    }

    /** Sends bytes one at a time, each as a chunk of its own. */
    public static Step byteChunks(byte[] bytes) {
        return new Step(bytes.length + " chunks of a byte", peer -> {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte b : bytes) {
                all.writeBytes(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
            }
            peer.raw(all.toByteArray());
        });
    }

    /** Sends bytes one at a time with a pause after each. */
    public static Step drip(byte[] bytes, Duration pause) {
        return new Step(bytes.length + " bytes, one in " + pause.toMillis() + " ms", peer -> {
            for (byte b : bytes) {
                peer.raw(new byte[] {b});
                sleep(pause);
            }
        });
    }

    /** Sends a chunk again and again, with a pause after each, until the other side closes. */
    public static Step forEver(byte[] chunk, Duration pause) {
        return new Step("a chunk of " + chunk.length + " in every " + pause.toMillis() + " ms", peer -> {
            while (true) {
                peer.chunk(chunk);
                sleep(pause);
            }
        });
    }

    /** Sends a chunk many times, with a pause after each. */
    public static Step slowly(int count, byte[] chunk, Duration pause) {
        return new Step(count + " chunks of " + chunk.length + ", one in " + pause.toMillis() + " ms", peer -> {
            for (int i = 0; i < count; i++) {
                peer.chunk(chunk);
                sleep(pause);
            }
        });
    }

    /** Sends a chunk many times. */
    public static Step times(int count, byte[] chunk) {
        return new Step(count + " chunks of " + chunk.length, peer -> {
            for (int i = 0; i < count; i++) {
                peer.chunk(chunk);
            }
        });
    }

    /** The bytes of a gzip stream that grows a thousandfold. */
    public static byte[] gzipBomb(int mebibytes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < mebibytes; i++) {
                gzip.write(zeros);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    // --- waits

    public static Step pause(Duration time) {
        return new Step("a pause of " + time.toMillis() + " ms", peer -> sleep(time));
    }

    /** Waits until a test lets it go on. */
    public static Step await(CountDownLatch latch) {
        return new Step("a wait", peer -> peer.await(latch));
    }

    /** Sends nothing more until the other side closes. */
    public static Step hang() {
        return new Step("hang", Peer::untilClosed);
    }

    // --- ends

    /** Closes the connection with a FIN. */
    public static Step fin() {
        return new Step("FIN", Peer::close);
    }

    /** Says with a FIN that no more will be sent, and reads on. */
    public static Step halfClose() {
        return new Step("half-close", Peer::halfClose);
    }

    /** Breaks the connection with a RST. */
    public static Step reset() {
        return new Step("RST", Peer::reset);
    }

    private static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
