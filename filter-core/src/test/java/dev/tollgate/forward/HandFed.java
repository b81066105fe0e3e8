package dev.tollgate.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.Header;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Providers whose answers a test feeds by hand, piece by piece, on its own thread. */
final class HandFed implements Upstreams {
    private final List<Feed> feeds = new ArrayList<>();

    /** One request, and its answer. */
    static final class Feed implements Flight {
        private final UpstreamRequest request;
        private final UpstreamListener listener;
        private boolean aborted;
        private long credit;

        private Feed(UpstreamRequest request, UpstreamListener listener) {
            this.request = request;
            this.listener = listener;
        }

        UpstreamRequest request() {
            return request;
        }

        /** The request's body. */
        String body() {
            return new String(((UpstreamBody.Whole) request.body()).bytes(), UTF_8);
        }

        /** Begins a good answer. */
        Feed head(String contentType) {
            return head(200, contentType);
        }

        Feed head(int status, String contentType) {
            if (!aborted) {
                listener.head(status, List.of(new Header("content-type", contentType)));
            }
            return this;
        }

        Feed sse() {
            return head("text/event-stream");
        }

        Feed bytes(byte[] bytes) {
            if (!aborted) {
                listener.data(ByteBuffer.wrap(bytes));
            }
            return this;
        }

        Feed text(String text) {
            return bytes(text.getBytes(UTF_8));
        }

        /** An event without a name. */
        Feed data(String json) {
            return text("data: " + json + "\n\n");
        }

        Feed event(String name, String json) {
            return text("event: " + name + "\ndata: " + json + "\n\n");
        }

        void end() {
            if (!aborted) {
                listener.end();
            }
        }

        /** The connection breaks. */
        void cut() {
            if (!aborted) {
                listener.failed(new UpstreamFailure(UpstreamFailure.Kind.BROKEN, "cut by the test"));
            }
        }

        boolean isAborted() {
            return aborted;
        }

        /** Bytes beyond the first window that it was told it may send. */
        long credit() {
            return credit;
        }

        @Override
        public void request(int bytes) {
            credit += bytes;
        }

        @Override
        public void abort() {
            aborted = true;
        }
    }

    @Override
    public Flight send(UpstreamRequest request, UpstreamListener listener) {
        Feed feed = new Feed(request, listener);
        feeds.add(feed);
        return feed;
    }

    /** How many requests were sent. */
    int sent() {
        return feeds.size();
    }

    /** The request of this number, from 0. */
    Feed feed(int number) {
        return feeds.get(number);
    }

    @Override
    public void close() {}
}
