package dev.tollgate.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The known providers, by the name of their row. */
public final class ProviderRows {
    private final Map<String, ProviderRow> rows;

    private ProviderRows(Map<String, ProviderRow> rows) {
        this.rows = Collections.unmodifiableMap(rows);
    }

    /** The rows that come with this release. */
    public static ProviderRows shipped() {
        try (InputStream in = ProviderRows.class.getResourceAsStream("providers.yaml")) {
            if (in == null) {
                throw new IllegalStateException("providers.yaml is missing from the JAR");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads rows from YAML text.
     *
     * @throws IllegalArgumentException when a row is not as {@code providers.yaml} describes it
     */
    public static ProviderRows parse(String yaml) {
        Map<String, ProviderRow> rows = new LinkedHashMap<>();
        RowFields.rowsOf(yaml).forEach((name, fields) -> rows.put(name, fields.row()));
        return new ProviderRows(rows);
    }

    /** These rows and those of {@code more}, which take precedence. */
    public ProviderRows with(ProviderRows more) {
        Map<String, ProviderRow> all = new LinkedHashMap<>(rows);
        all.putAll(more.rows);
        return new ProviderRows(all);
    }

    public Optional<ProviderRow> find(String name) {
        return Optional.ofNullable(rows.get(name));
    }

    /** The names of the rows, in the order of the file. */
    public Set<String> names() {
        return rows.keySet();
    }

    /** The rows, in the order of the file. */
    public Collection<ProviderRow> all() {
        return rows.values();
    }
}
