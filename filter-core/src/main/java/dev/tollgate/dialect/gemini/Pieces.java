package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A streamed answer as Google's SDKs send it back: a content for each chunk it came in. Other formats know no turn of the
 * model in pieces, nor a thought whose proof stands apart, so the pieces become one again.
 */
final class Pieces {
    private Pieces() {}

    /** Adds a message, or joins it to the last where both are the model's. */
    static void add(Message message, List<Message> messages) {
        Message last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
        if (last == null || last.role() != Role.ASSISTANT || message.role() != Role.ASSISTANT) {
            messages.add(message);
            return;
        }
        List<Part> parts = new ArrayList<>(last.parts());
        message.parts().forEach(part -> add(part, parts));
        Extras extras = both(last.extras(), message.extras());
        messages.set(messages.size() - 1, new Message(Role.ASSISTANT, parts, extras));
    }

    private static void add(Part part, List<Part> parts) {
        int last = parts.size() - 1;
        Part joined = last < 0 ? null : joined(parts.get(last), part);
        if (joined == null) {
            parts.add(part);
        } else {
            parts.set(last, joined);
        }
    }

    private static @Nullable Part joined(Part before, Part part) {
        if (!before.extras().isEmpty() || !part.extras().isEmpty()) {
            return null;
        }
        if (before instanceof Part.Text text && part instanceof Part.Text more) {
            return new Part.Text(text.text() + more.text(), null, text.extras());
        }
        if (before instanceof Part.Reasoning thought
                && thought.proof() == null
                && part instanceof Part.Reasoning more) {
            return new Part.Reasoning(thought.text() + more.text(), more.proof(), thought.extras());
        }
        return null;
    }

    private static Extras both(Extras before, Extras after) {
        if (after.isEmpty()) {
            return before;
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>(before.fields());
        fields.putAll(after.fields());
        return new Extras(after.dialect(), after.at(), fields);
    }
}
