package dev.tollgate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.BodySource;
import dev.tollgate.receive.BodyTerms;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies whose bytes come at the worst moment that a container allows. */
class BodyReaderTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Fence fence = new Fence();
    private final CallingBack stream = new CallingBack();
    private final BodyReader reader = new BodyReader(
            fence,
            (HttpServletRequest) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {HttpServletRequest.class},
                    (proxy, method, arguments) -> method.getName().equals("getInputStream") ? stream : null),
            new RequestHead("POST", Map.of(), "127.0.0.1", 12, true, true, null),
            new EdgeClock(timer, System::nanoTime, BodyTerms.DEFAULT));

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    /** As Jetty's: it answers that it is not ready, and has called back before it does when something came meanwhile. */
    private static final class CallingBack extends ServletInputStream {
        private ReadListener listener;
        private int available;
        private int comesMeanwhile;
        private boolean last;
        private boolean finished;

        @Override
        public void setReadListener(ReadListener readListener) {
            listener = readListener;
        }

        @Override
        public boolean isReady() {
            if (available > 0) {
                return true;
            }
            available = comesMeanwhile;
            comesMeanwhile = 0;
            try {
                if (available > 0) {
                    listener.onDataAvailable();
                } else if (last) {
                    finished = true;
                    listener.onAllDataRead();
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return false;
        }

        @Override
        public boolean isFinished() {
            return finished;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count = Math.min(length, available);
            available -= count;
            return count;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }
    }

    private CompletableFuture<Integer> ask(BodySource body, AtomicBoolean insideWhenTold) {
        return body.read()
                .thenApply(piece -> {
                    insideWhenTold.compareAndSet(false, fence.isInside());
                    return piece.map(ByteBuffer::remaining).orElse(-1);
                })
                .toCompletableFuture();
    }

    @Test
    void bytesThatComeWhileTheContainerIsAskedAreNotForgotten() throws Exception {
        AtomicBoolean insideWhenTold = new AtomicBoolean();
        BodySource body = reader.open(1 << 20);
        stream.available = 5;
        stream.listener.onDataAvailable();
        assertThat(ask(body, insideWhenTold)).isCompletedWithValue(5);

        stream.comesMeanwhile = 7;
        assertThat(ask(body, insideWhenTold)).isCompletedWithValue(7);
        stream.last = true;
        assertThat(ask(body, insideWhenTold)).isCompletedWithValue(-1);
        assertThat(insideWhenTold).as("told under the container's lock").isFalse();
    }

    @Test
    void aBodyThatIsReadWholeHearsOfThemToo() throws Exception {
        CompletableFuture<byte[]> whole = reader.read(1 << 20).toCompletableFuture();
        stream.available = 5;
        stream.comesMeanwhile = 7;
        stream.last = true;
        stream.listener.onDataAvailable();

        assertThat(whole).isCompletedWithValueMatching(bytes -> bytes.length == 12);
    }

    @Test
    void whatIsAskedForInTheMiddleOfACallBackComesAfterIt() throws Exception {
        BodySource body = reader.open(1 << 20);
        CompletableFuture<Optional<ByteBuffer>> second = body.read()
                .thenCompose(first -> {
                    stream.comesMeanwhile = 7;
                    return body.read();
                })
                .toCompletableFuture();
        stream.available = 5;
        stream.listener.onDataAvailable();

        assertThat(second)
                .isCompletedWithValueMatching(piece -> piece.orElseThrow().remaining() == 7);
    }
}
