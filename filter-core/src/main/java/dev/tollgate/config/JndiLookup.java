package dev.tollgate.config;

import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Texts that the container binds to names; the only user of JNDI. */
final class JndiLookup {

    private JndiLookup() {}

    /** The text bound to a name, if there is one. */
    @SuppressWarnings(
            "BanJNDI") // the name comes from the operator's file and begins with java:, so it stays in the container
    static Optional<String> find(String name) {
        try {
            return InitialContext.doLookup(name) instanceof String text ? Optional.of(text) : Optional.empty();
        } catch (NamingException e) {
            return Optional.empty();
        }
    }
}
