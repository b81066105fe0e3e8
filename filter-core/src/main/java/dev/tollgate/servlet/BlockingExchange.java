package dev.tollgate.servlet;

import dev.tollgate.BodySource;
import dev.tollgate.Exchange;
import dev.tollgate.Header;
import dev.tollgate.RequestTarget;
import dev.tollgate.receive.BodyFlow;
import dev.tollgate.receive.BodyIntake;
import dev.tollgate.receive.Intake;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An exchange where the container offers no asynchronous mode (a filter in front lacks {@code async-supported}). The
 * container's thread stays and does all reading and writing, one piece of work after the other as the gateway hands them
 * in; the gateway's own threads never wait here either.
 */
final class BlockingExchange implements Exchange {
    private static final int SLICE = 16 * 1024;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final RequestTarget target;
    private final RequestHead head;
    private final EdgeClock clock;
    private final AnswerHead answer;

    private final Object lock = new Object();
    private final BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final List<Consumer<Throwable>> goneListeners = new ArrayList<>();
    private boolean over;
    private @Nullable Throwable goneBecause;

    // Touched by the container's thread only.
    private boolean bodyEnded;

    /** Work for the container's thread, and whom to tell. */
    private record Job(Work work, CompletableFuture<Void> done) {
        interface Work {
            void run() throws IOException;
        }
    }

    BlockingExchange(HttpServletRequest request, HttpServletResponse response, RequestTarget target, EdgeClock clock) {
        this.request = request;
        this.response = response;
        this.target = target;
        this.head = RequestHead.of(request);
        this.clock = clock;
        this.answer = new AnswerHead(response, head.method().equals("HEAD"));
        this.bodyEnded = !head.hasBody();
    }

    /** Works until the exchange is over. To be called on the container's thread. */
    void serve(Consumer<Exchange> handler) {
        handler.accept(this);
        while (!isOver()) {
            work();
        }
    }

    private void work() {
        try {
            Job job = jobs.take();
            try {
                job.work().run();
                job.done().complete(null);
            } catch (IOException | RuntimeException e) {
                fail(job, e);
            } catch (Error e) {
                fail(job, e); // or what the call holds would never be given back
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.breakOff();
            gone(new InterruptedIOException("the container is stopping"));
        }
    }

    private void fail(Job job, Throwable cause) {
        job.done().completeExceptionally(cause);
        gone(cause);
    }

    private CompletionStage<Void> submit(Job.Work work) {
        Job job = new Job(work, new CompletableFuture<>());
        synchronized (lock) {
            if (!over) {
                jobs.add(job);
                return job.done();
            }
        }
        return CompletableFuture.failedFuture(new IOException("the exchange is over", goneBecause));
    }

    private boolean isOver() {
        synchronized (lock) {
            return over;
        }
    }

    private void close(@Nullable Throwable cause) {
        List<Job> dropped = new ArrayList<>();
        synchronized (lock) {
            over = true;
            goneBecause = cause;
            jobs.drainTo(dropped);
        }
        for (Job job : dropped) {
            job.done().completeExceptionally(new IOException("the exchange is over", cause));
        }
    }

    private void gone(Throwable cause) {
        close(cause);
        List<Consumer<Throwable>> toTell;
        synchronized (lock) {
            toTell = List.copyOf(goneListeners);
        }
        toTell.forEach(listener -> listener.accept(cause));
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public RequestTarget target() {
        return target;
    }

    @Override
    public List<String> headers(String name) {
        return head.values(name);
    }

    @Override
    public Optional<String> sessionId() {
        return Optional.ofNullable(head.session());
    }

    @Override
    public String remoteAddress() {
        return head.remoteAddress();
    }

    @Override
    public CompletionStage<byte[]> readBody(long maxBytes) {
        if (head.hasTwoFramings()) {
            return CompletableFuture.failedFuture(RequestHead.twoFramings());
        }
        BodyIntake intake = new BodyIntake(maxBytes, head.contentLength(), clock.terms(), clock.nanos());
        return submit(() -> read(intake)).thenCompose(read -> {
            intake.deliver();
            return intake.body();
        });
    }

    private void read(BodyIntake intake) {
        while (!intake.isOver() && !intake.overdue() && !bodyEnded) {
            readSlice(intake);
        }
        intake.end();
    }

    private void readSlice(Intake intake) {
        byte[] slice = new byte[SLICE];
        try {
            InputStream in = request.getInputStream();
            int n = bodyEnded ? -1 : in.read(slice);
            bodyEnded = n < 0;
            intake.take(ByteBuffer.wrap(slice, 0, Math.max(0, n)));
        } catch (IOException e) {
            bodyEnded = true;
            intake.cut(e);
        }
    }

    @Override
    public BodySource body(long maxBytes) {
        BodyFlow flow = new BodyFlow(maxBytes, head.contentLength(), clock.terms(), clock.nanos());
        if (head.hasTwoFramings()) {
            flow.cut(RequestHead.twoFramings());
        }
        return new Pieces(flow);
    }

    /** The body as its reader sees it; each piece is one piece of work, so that others come between. */
    private final class Pieces implements BodySource {
        private final BodyFlow flow;

        Pieces(BodyFlow flow) {
            this.flow = flow;
        }

        @Override
        public long declared() {
            return flow.declared();
        }

        @Override
        public CompletionStage<Optional<ByteBuffer>> read() {
            CompletionStage<Optional<ByteBuffer>> piece = flow.ask();
            submit(this::next).whenComplete((done, failure) -> deliver(failure));
            return piece;
        }

        private void next() {
            if (flow.wantsMore()) {
                readSlice(flow);
                if (bodyEnded) {
                    flow.end();
                } else if (flow.overdue()) {
                    bodyEnded = true;
                }
            }
        }

        private void deliver(@Nullable Throwable failure) {
            if (failure != null) {
                flow.cut(failure);
            }
            flow.deliver();
        }

        @Override
        public CompletionStage<Void> discard() {
            CompletionStage<Void> done = flow.discard();
            throwAway();
            return done;
        }

        private void throwAway() {
            submit(this::next).whenComplete((done, failure) -> {
                deliver(failure);
                if (!flow.isOver()) {
                    throwAway();
                }
            });
        }
    }

    @Override
    public void head(int status, List<Header> headers) {
        submit(() -> answer.set(status, head.answerHeaders(headers)));
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer data) {
        return submit(() -> {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            answer.begin(bytes.length);
            OutputStream out = response.getOutputStream();
            out.write(bytes);
            if (!answer.isLengthDeclared()) {
                out.flush();
            }
        });
    }

    @Override
    public CompletionStage<Void> end() {
        return submit(() -> {
            answer.begin(0);
            close(null);
        });
    }

    @Override
    public void abort() {
        submit(() -> {
            answer.breakOff();
            close(null);
        });
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {
        Throwable already;
        synchronized (lock) {
            goneListeners.add(listener);
            already = goneBecause;
        }
        if (already != null) {
            listener.accept(already);
        }
    }

    @Override
    public void attribute(String name, Object value) {
        submit(() -> request.setAttribute(name, value));
    }
}
