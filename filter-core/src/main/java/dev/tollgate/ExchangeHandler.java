package dev.tollgate;

/** What an edge hands its exchanges to: the gateway, or what stands in for it while it is closed. */
public interface ExchangeHandler extends AutoCloseable {

    /**
     * Whether a request belongs to the gateway rather than to the application around it.
     *
     * @param method the request method
     * @param mappedPath the decoded path the container maps by, beginning with a slash, without the context path
     */
    boolean serves(String method, String mappedPath);

    /** Answers an exchange; returns at once, the answer may come later and from any thread. */
    void handle(Exchange exchange);

    /** Lets running exchanges finish within a bound, then releases everything. */
    @Override
    void close();
}
