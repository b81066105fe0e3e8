package dev.tollgate.forward;

/**
 * What is held of a provider now.
 *
 * @param provider the name it has in the configuration
 * @param leased calls that are under way, each on a connection of its own
 * @param idle connections that wait to be used again; those of an address that several providers share count for each
 * @param pending calls that wait for one of the first to end
 */
public record UpstreamUse(String provider, int leased, int idle, int pending) {
    UpstreamUse plus(UpstreamUse other) {
        return new UpstreamUse(provider, leased + other.leased, idle + other.idle, pending + other.pending);
    }
}
