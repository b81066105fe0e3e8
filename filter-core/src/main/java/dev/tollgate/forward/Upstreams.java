package dev.tollgate.forward;

/** Sends requests to providers: over HTTP, or to the built-in echo provider. Never blocks. */
public interface Upstreams extends AutoCloseable {

    /**
     * Sends a request once: no retry, no redirect, no cookie.
     *
     * @param listener hears of the answer; called by one thread at a time, never after {@link UpstreamListener#end} or
     *     {@link UpstreamListener#failed}
     */
    Flight send(UpstreamRequest request, UpstreamListener listener);

    @Override
    void close();
}
