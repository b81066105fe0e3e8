package dev.tollgate.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The reference of all settings, in Markdown: a table for each section. */
final class ReferenceTable {
    private final StringBuilder text = new StringBuilder();

    private ReferenceTable() {}

    /** The reference as a piece of a page. */
    static String markdown() {
        ReferenceTable table = new ReferenceTable();
        Map<Section<?>, List<String>> sections = new LinkedHashMap<>();
        FileSettings.FILE.visit(
                "",
                (path, section) -> sections.computeIfAbsent(section, s -> new ArrayList<>())
                        .add(path.isEmpty() ? "The file" : '`' + path + '`'));
        sections.forEach((section, paths) -> table.section(String.join(", ", paths), section));
        return table.text.toString();
    }

    private void section(String title, Section<?> section) {
        text.append("### ")
                .append(title)
                .append("\n\n")
                .append(section.about())
                .append("\n\n| key | value | default | meaning |\n|---|---|---|---|\n");
        section.settings().forEach(this::row);
        if (!section.notYet().isEmpty()) {
            text.append("\nNot supported by this version, and refused: `")
                    .append(String.join("`, `", section.notYet()))
                    .append("`.\n");
        }
        text.append('\n');
    }

    private <T> void row(Setting<?, T> setting) {
        text.append("| `")
                .append(setting.key())
                .append("` | ")
                .append(cell(setting.type().phrase()))
                .append(" | ")
                .append(cell(fallback(setting)))
                .append(" | ")
                .append(cell(setting.about()))
                .append(" |\n");
    }

    private static <T> String fallback(Setting<?, T> setting) {
        if (setting.required()) {
            return "required";
        }
        Optional<JsonNode> shown = setting.fallback().map(setting.type()::show);
        return shown.filter(value -> !value.isContainer())
                .map(value -> '`' + value.asString() + '`')
                .orElse("");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
