package dev.tollgate.config;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a value may refer to outside the file: {@code ${env:NAME}}, {@code ${file:/path}} and
 * {@code ${jndi:java:comp/env/name}}. References are resolved in values that have been parsed, so that what they bring in is
 * never taken for YAML.
 */
final class References {
    /** Where references stand in a text. */
    static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");

    private final Map<String, String> environment;
    private final Function<String, Optional<String>> files;
    private final Function<String, Optional<String>> jndi;

    /**
     * @param environment the environment variables
     * @param files the text of a file that can be read
     * @param jndi looks up a name that begins with {@code java:}
     */
    References(
            Map<String, String> environment,
            Function<String, Optional<String>> files,
            Function<String, Optional<String>> jndi) {
        this.environment = environment;
        this.files = files;
        this.jndi = jndi;
    }

    /** A text with its references resolved. */
    String resolve(String raw) throws Unresolved {
        Matcher matcher = REFERENCE.matcher(raw);
        StringBuilder resolved = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(value(matcher.group(1))));
        }
        matcher.appendTail(resolved);
        return resolved.toString();
    }

    /** The same, where the files that are read are noted. */
    References noting(FilesRead.Notes notes) {
        return new References(environment, notes.noting(files), jndi);
    }

    /** The text of a file; empty when it cannot be read. */
    Optional<String> textOf(String file) {
        return files.apply(file);
    }

    /** An environment variable that says something. */
    Optional<String> found(String variable) {
        return Optional.ofNullable(environment.get(variable)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private String value(String reference) throws Unresolved {
        int colon = reference.indexOf(':');
        String name = reference.substring(colon + 1).strip();
        String kind = colon < 0 ? "" : reference.substring(0, colon);
        String value = switch (kind) {
            case "env" -> variable(name);
            case "file" -> file(name);
            case "jndi" -> bound(name);
            default ->
                throw new Unresolved("'${" + reference
                        + "}' is no reference; write ${env:NAME}, ${file:/path} or ${jndi:java:comp/env/name}");
        };
        if (value.isBlank()) {
            throw new Unresolved("what ${" + reference + "} refers to is empty");
        }
        return value;
    }

    private String variable(String name) throws Unresolved {
        String value = environment.get(name);
        if (value == null) {
            throw new Unresolved("the environment variable " + name + " is not set");
        }
        return value;
    }

    private String file(String name) throws Unresolved {
        String text = files.apply(name).orElseThrow(() -> new Unresolved("the file " + name + " cannot be read"));
        if (text.endsWith("\n")) {
            return text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
        }
        return text;
    }

    private String bound(String name) throws Unresolved {
        if (!name.startsWith("java:")) {
            throw new Unresolved("the JNDI name '" + name + "' must begin with java:");
        }
        return jndi.apply(name).orElseThrow(() -> new Unresolved("the JNDI name " + name + " is not bound to a text"));
    }

    /** A reference to something that is not there; the message names the reference and never a value. */
    static final class Unresolved extends Exception {
        private static final long serialVersionUID = 1L;

        Unresolved(String message) {
            super(message);
        }
    }
}
