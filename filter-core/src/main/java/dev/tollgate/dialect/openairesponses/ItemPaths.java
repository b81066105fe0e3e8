package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Part;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The items that the parts of a turn were read from, which their paths tell. */
final class ItemPaths {
    private static final String CONTENT = ".content";

    private ItemPaths() {}

    /** Whether a part stood in the content of a message, and was no item itself. */
    static boolean isContent(Part part) {
        if (part instanceof Part.Foreign foreign) {
            return foreign.whole().isFrom(OpenAiResponses.ID)
                    && foreign.whole().at().contains(CONTENT + '[');
        }
        return part instanceof Part.Text || part instanceof Part.Declined || part instanceof Part.Media;
    }

    /** The path of the item that a part was read from; empty for one of another dialect. */
    static String of(Part part) {
        if (!part.extras().isFrom(OpenAiResponses.ID)) {
            return "";
        }
        String at = part.extras().at();
        int end = at.indexOf(CONTENT);
        return end < 0 ? at : at.substring(0, end);
    }

    /** What was left over of one item of a turn, out of what was left over of all. */
    static Extras rest(Extras turn, String item) {
        int skipped = turn.at().isEmpty() ? 0 : turn.at().length() + 1;
        if (item.length() <= skipped) {
            return Extras.NONE;
        }
        String prefix = item.substring(skipped) + '.';
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        turn.fields().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                fields.put(name.substring(prefix.length()), value);
            }
        });
        return new Extras(turn.dialect(), item, fields);
    }
}
