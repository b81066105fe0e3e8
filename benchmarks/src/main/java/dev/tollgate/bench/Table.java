package dev.tollgate.bench;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table with its heading. */
final class Table {
    static final String NOTHING = "–";

    private final String heading;
    private final List<String> lines = new ArrayList<>();

    Table(String heading, List<String> columns) {
        this.heading = heading;
        lines.add("| " + String.join(" | ", columns) + " |");
        lines.add("|---" + "|---:".repeat(columns.size() - 1) + "|");
    }

    void row(String... cells) {
        lines.add("| " + String.join(" | ", cells) + " |");
    }

    /** @param note what stands below it; may be empty */
    String markdown(String note) {
        return "## " + heading + "\n\n" + String.join("\n", lines) + "\n" + (note.isEmpty() ? "" : "\n" + note + "\n");
    }
}
