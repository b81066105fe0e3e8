package dev.tollgate.forward;

import dev.tollgate.Header;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Writes one request: its head, and its body with a Content-Length. */
final class RequestSender implements AsyncRequestProducer {

    /** Asked each time before something is written; throws when the request has been called off. */
    @FunctionalInterface
    interface Leave {
        void ask() throws IOException;
    }

    private final UpstreamRequest request;
    private final ByteBuffer body;
    private final Leave leave;

    RequestSender(UpstreamRequest request, Leave leave) {
        this.request = request;
        this.body = ByteBuffer.wrap(request.body());
        this.leave = leave;
    }

    @Override
    public void sendRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        HttpRequest head = new BasicHttpRequest(Method.POST, request.uri());
        for (Header header : request.headers()) {
            head.addHeader(header.name(), header.value());
        }
        channel.sendRequest(head, new BasicEntityDetails(request.body().length, null), context);
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public int available() {
        return body.remaining();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        leave.ask();
        if (body.hasRemaining()) {
            channel.write(body);
        }
        if (!body.hasRemaining()) {
            channel.endStream();
        }
    }

    @Override
    public void failed(Exception cause) {}

    @Override
    public void releaseResources() {}
}
