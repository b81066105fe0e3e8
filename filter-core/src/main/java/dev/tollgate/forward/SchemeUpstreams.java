package dev.tollgate.forward;

/** Sends each request where the scheme of its address says: {@code echo} to the built-in provider, the rest over HTTP. */
public final class SchemeUpstreams implements Upstreams {
    private final Upstreams echo;
    private final Upstreams http;

    public SchemeUpstreams(Upstreams echo, Upstreams http) {
        this.echo = echo;
        this.http = http;
    }

    @Override
    public Flight send(UpstreamRequest request, UpstreamListener listener) {
        boolean isEcho = "echo".equals(request.uri().getScheme());
        return (isEcho ? echo : http).send(request, listener);
    }

    @Override
    public void close() {
        try (echo;
                http) {
            // Both are closed, the second even if the first fails.
        }
    }
}
