package dev.tollgate.forward;

import dev.tollgate.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Writes one request: its head, and its body, with a Content-Length where its length is known and in chunks otherwise. */
final class RequestSender implements AsyncRequestProducer {

    /** Asked each time before something is written; throws when the request has been called off. */
    @FunctionalInterface
    interface Leave {
        void ask() throws IOException;
    }

    private final UpstreamRequest request;
    private final ByteBuffer whole;
    private final @Nullable BodyPipe pipe;
    private final Leave leave;

    RequestSender(UpstreamRequest request, Leave leave) {
        this.request = request;
        this.whole = ByteBuffer.wrap(request.body() instanceof UpstreamBody.Whole there ? there.bytes() : new byte[0]);
        this.pipe = request.body() instanceof BodyPipe flowing ? flowing : null;
        this.leave = leave;
    }

    @Override
    public void sendRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        HttpRequest head = new BasicHttpRequest(request.method(), request.uri());
        for (Header header : request.headers()) {
            head.addHeader(header.name(), header.value());
        }
        channel.sendRequest(head, details(), context);
    }

    private @Nullable EntityDetails details() {
        return request.body() instanceof UpstreamBody.None
                ? null
                : new BasicEntityDetails(request.body().length(), null);
    }

    /** Whether all of it has gone out. */
    boolean isSent() {
        return pipe == null ? !whole.hasRemaining() : pipe.isSent();
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public int available() {
        if (pipe == null) {
            return whole.remaining();
        }
        return pipe.isReady() ? Math.max(1, pipe.held()) : 0;
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        leave.ask();
        if (pipe != null) {
            pipe.onReady(channel::requestOutput);
            if (pipe.drainTo(channel::write)) {
                channel.endStream();
            }
            return;
        }
        if (whole.hasRemaining()) {
            channel.write(whole);
        }
        if (!whole.hasRemaining()) {
            channel.endStream();
        }
    }

    @Override
    public void failed(Exception cause) {}

    @Override
    public void releaseResources() {}
}
