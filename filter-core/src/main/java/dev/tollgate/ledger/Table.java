package dev.tollgate.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rows of values, written as they come: as CSV that a spreadsheet takes for nothing but text and numbers, as a JSON array, or as
 * text for people.
 */
public final class Table {
    private static final int MOST_HELD = 1_000;

    private final Format format;
    private final List<String> columns;
    private final Appendable out;
    private final List<List<String>> held = new ArrayList<>();
    private boolean begun;

    /** How a table is written. */
    public enum Format {
        CSV("text/csv; charset=utf-8"),
        JSON("application/json"),
        TEXT("text/plain; charset=utf-8");

        private final String contentType;

        Format(String contentType) {
            this.contentType = contentType;
        }

        public String contentType() {
            return contentType;
        }

        /** Its name in options and questions. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param out takes the text; a failure of its is the caller's */
    public Table(Format format, List<String> columns, Appendable out) {
        this.format = format;
        this.columns = List.copyOf(columns);
        this.out = out;
    }

    /** Writes a row, of a value for each column: a number, text, or null where there is none. */
    public void row(List<? extends @Nullable Object> values) throws IOException {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            cells.add(cell(i, values.get(i)));
        }
        if (format == Format.TEXT) {
            held.add(cells);
            if (held.size() >= MOST_HELD) {
                writeHeld();
            }
            return;
        }
        begin();
        String row = String.join(",", cells);
        out.append(format == Format.JSON ? "{" + row + "}" : row + "\n");
    }

    /** Ends the table. */
    public void end() throws IOException {
        if (format == Format.TEXT) {
            writeHeld();
        } else if (format == Format.JSON) {
            out.append(begun ? "\n]\n" : "[]\n");
        } else if (!begun) {
            begin();
        }
    }

    private void begin() throws IOException {
        if (format == Format.JSON) {
            out.append(begun ? ",\n" : "[\n");
        } else if (!begun) {
            out.append(String.join(",", columns)).append('\n');
        }
        begun = true;
    }

    /** Columns are as wide as what stands in the rows that are held. */
    private void writeHeld() throws IOException {
        if (!begun) {
            held.add(0, columns);
            begun = true;
        }
        int[] widths = new int[columns.size()];
        held.forEach(cells ->
                Arrays.setAll(widths, i -> Math.max(widths[i], cells.get(i).length())));
        for (List<String> cells : held) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = cells.get(i);
                line.append(cell).append(" ".repeat(2 + Math.max(0, widths[i] - cell.length())));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        held.clear();
    }

    private String cell(int column, @Nullable Object value) {
        return switch (format) {
            case CSV -> value == null ? "" : value instanceof String text ? csv(text) : value.toString();
            case JSON -> quoted(columns.get(column)) + ":" + (value instanceof String text ? quoted(text) : value);
            case TEXT -> value == null || value.equals("") ? "-" : plain(value.toString());
        };
    }

    /** What a spreadsheet would take for a formula gets an apostrophe in front, which it shows as text. */
    private static String csv(String text) {
        boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        String safe = formula ? "'" + text : text;
        boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r' || c == ';');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    private static String plain(String text) {
        return text.chars().anyMatch(Character::isISOControl) ? text.replaceAll("\\p{Cntrl}", "?") : text;
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        RowText.escape(text, text.length(), json);
        return json.append('"').toString();
    }
}
