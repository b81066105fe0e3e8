package dev.tollgate.provider;

/**
 * One of several credentials for a provider.
 *
 * @param name what logs, metrics and pages call it; no secret
 * @param weight its share of the calls, against the weights of the others
 */
public record NamedCredential(String name, Credential credential, int weight) {
    /** The name of a credential that is alone. */
    public static final String ONLY = "default";
}
