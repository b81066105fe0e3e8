package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A provider of OpenAI's dialect on one thread, for thousands of streams at once. Requests whose body holds {@code "flood"} get
 * events as fast as they take them, all others one event now and one in every interval; both until {@link #finish}.
 */
public final class StreamingUpstream implements AutoCloseable {
    private static final String CHUNK = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{%s},\"finish_reason\":%s}]}";
    private static final byte[] EVENT = chunk(CHUNK.formatted("\"content\":\"Hello \"", "null"));
    private static final byte[] FLOOD = chunk(CHUNK.formatted("\"content\":\"" + "x".repeat(4000) + "\"", "null"));
    private static final byte[] END = end();
    private static final byte[] HEAD = String.join(
                    "\r\n", "HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked", "", "")
            .getBytes(ISO_8859_1);
    private static final int FLOOD_LOT = 32;

    private final Selector selector;
    private final ServerSocketChannel server;
    private final long intervalNanos;
    private final PriorityQueue<Line> due = new PriorityQueue<>(Comparator.comparingLong(line -> line.dueNanos));
    private final AtomicInteger streaming = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean finishing;
    private volatile boolean closed;

    /** @param interval the time between two events of a stream */
    public StreamingUpstream(Duration interval) {
        intervalNanos = interval.toNanos();
        try {
            selector = Selector.open();
            server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::run, "streaming-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.socket().getLocalPort());
    }

    /** Streams under way. */
    public int streaming() {
        return streaming.get();
    }

    /** Streams that the other side has closed before their end. */
    public int left() {
        return left.get();
    }

    /** Bytes of streams that were sent, as far as this side can tell. */
    public long bytesSent() {
        return bytes.get();
    }

    /** Ends every stream properly with its next event, and those to come with their second; or no longer does. */
    public void finish(boolean now) {
        finishing = now;
        selector.wakeup();
    }

    private void run() {
        while (!closed) {
            try {
                selector.select(this::serve, untilDue());
                long now = System.nanoTime();
                while (!due.isEmpty() && due.peek().dueNanos - now <= 0) {
                    due.poll().tick(now);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private long untilDue() {
        if (due.isEmpty()) {
            return 1000;
        }
        return Math.max(1, (due.peek().dueNanos - System.nanoTime()) / 1_000_000);
    }

    private void serve(SelectionKey key) {
        if (key.isAcceptable()) {
            accept();
            return;
        }
        Line line = (Line) key.attachment();
        try {
            if (key.isValid() && key.isReadable()) {
                line.read();
            }
            if (key.isValid() && key.isWritable()) {
                line.write();
            }
        } catch (IOException e) {
            line.gone();
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Line line = new Line(channel);
                line.key = channel.register(selector, SelectionKey.OP_READ, line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            server.close();
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection, and the stream on it. Used by the one thread only. */
    private final class Line {
        private final SocketChannel channel;
        private final ByteArrayOutputStream request = new ByteArrayOutputStream();
        private final Deque<ByteBuffer> pending = new ArrayDeque<>();
        private SelectionKey key;
        private boolean streams;
        private boolean flood;
        private boolean queued;
        private long dueNanos;

        Line(SocketChannel channel) {
            this.channel = channel;
        }

        void read() throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            int count = channel.read(buffer);
            if (count < 0) {
                gone();
            } else if (!streams) {
                request.write(buffer.array(), 0, count);
                if (isWhole()) {
                    begin();
                }
            }
        }

        private boolean isWhole() {
            String text = request.toString(ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                return false;
            }
            String head = text.substring(0, end).toLowerCase(java.util.Locale.ROOT);
            int at = head.indexOf("content-length:") + "content-length:".length();
            int length = Integer.parseInt(head.substring(at).split("\r\n", 2)[0].trim());
            return text.length() - end - 4 >= length;
        }

        private void begin() throws IOException {
            flood = request.toString(ISO_8859_1).contains("\"flood\"");
            request.reset();
            streams = true;
            streaming.incrementAndGet();
            pending.add(ByteBuffer.wrap(HEAD));
            pending.add(ByteBuffer.wrap(EVENT));
            write();
            tickAt(System.nanoTime() + (flood ? 0 : intervalNanos));
        }

        private void tickAt(long nanos) {
            if (!queued) {
                queued = true;
                dueNanos = nanos;
                due.add(this);
            }
        }

        void tick(long now) {
            queued = false;
            if (!streams) {
                return;
            }
            try {
                if (finishing) {
                    pending.add(ByteBuffer.wrap(END));
                    streams = false;
                    streaming.decrementAndGet();
                    write();
                    return;
                }
                for (int events = flood ? FLOOD_LOT : 1; events > 0; events--) {
                    pending.add(ByteBuffer.wrap(flood ? FLOOD : EVENT));
                }
                write();
                // What is not taken waits: a flood goes on when it is writable again.
                if (!flood || pending.isEmpty()) {
                    tickAt(now + (flood ? 1 : intervalNanos));
                }
            } catch (IOException e) {
                gone();
            }
        }

        void write() throws IOException {
            while (!pending.isEmpty()) {
                bytes.addAndGet(channel.write(pending.peek()));
                if (pending.peek().hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
                pending.poll();
            }
            if ((key.interestOps() & SelectionKey.OP_WRITE) != 0) {
                key.interestOps(SelectionKey.OP_READ);
                if (flood && streams) {
                    tickAt(System.nanoTime());
                }
            }
        }

        void gone() {
            key.cancel();
            if (streams) {
                streams = false;
                streaming.decrementAndGet();
                left.incrementAndGet();
            }
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static byte[] chunk(String json) {
        return framed("data: " + json + "\n\n");
    }

    private static byte[] framed(String event) {
        byte[] text = event.getBytes(UTF_8);
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(text.length) + "\r\n").getBytes(ISO_8859_1));
        chunk.writeBytes(text);
        chunk.writeBytes("\r\n".getBytes(ISO_8859_1));
        return chunk.toByteArray();
    }

    private static byte[] end() {
        ByteArrayOutputStream end = new ByteArrayOutputStream();
        end.writeBytes(chunk(CHUNK.formatted("", "\"stop\"")));
        end.writeBytes(framed("data: [DONE]\n\n"));
        end.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        return end.toByteArray();
    }
}
