package dev.tollgate.dialect.ollama;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.ToolArguments;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes messages, one after another: a result says the name of the tool that was called before. */
final class MessageWriter {
    private final WriteTerms terms;
    private final Map<String, String> names = new HashMap<>();

    MessageWriter(WriteTerms terms) {
        this.terms = terms;
    }

    /** The messages that one becomes: results are messages of their own. */
    List<ObjectNode> write(Message message) {
        List<ObjectNode> written = new ArrayList<>();
        ObjectNode spoken = JsonNodeFactory.instance.objectNode();
        spoken.put("role", role(message.role())).put("content", "");
        boolean says = message.parts().isEmpty();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                written.add(result(result));
            } else {
                says = true;
                part(part, spoken);
            }
        }
        if (says) {
            written.add(spoken);
        }
        if (!written.isEmpty()) {
            terms.carry(message.extras(), Ollama.ID, written.get(0));
        }
        return written;
    }

    private static String role(Message.Role role) {
        return switch (role) {
            case SYSTEM, DEVELOPER -> "system";
            case USER -> "user";
            case ASSISTANT -> "assistant";
            case TOOL -> "tool";
        };
    }

    private void part(Part part, ObjectNode message) {
        if (part instanceof Part.Text text) {
            append(message, "content", text.text());
            dropCache(text.cache(), text.extras());
        } else if (part instanceof Part.Declined declined) {
            append(message, "content", declined.text());
        } else if (part instanceof Part.Reasoning reasoning) {
            append(message, "thinking", reasoning.text());
            if (reasoning.proof() != null) {
                terms.dropped(reasoning.proof());
            }
        } else if (part instanceof Part.ToolCall call) {
            names.put(call.id(), call.name());
            message.withArray("tool_calls").add(call(call, terms));
            if (call.proof() != null) {
                terms.dropped(call.proof());
            }
            dropCache(call.cache(), call.extras());
        } else if (part instanceof Part.Media media) {
            media(media, message);
            dropCache(media.cache(), media.extras());
        } else if (part instanceof Part.Foreign foreign) {
            terms.dropped(foreign.whole());
        }
        terms.carry(part.extras(), Ollama.ID, message);
    }

    private void dropCache(Part.@Nullable CacheHint hint, Extras place) {
        if (hint != null) {
            terms.dropped(place, Asked.CACHE);
        }
    }

    static void append(ObjectNode message, String member, String text) {
        String before = message.path(member).asString("");
        message.put(member, before.isEmpty() || text.isEmpty() ? before + text : before + '\n' + text);
    }

    static ObjectNode call(Part.ToolCall call, WriteTerms terms) {
        return call(call.id(), call.name(), ToolArguments.of(call, terms, false));
    }

    static ObjectNode call(String id, String name, JsonNode arguments) {
        ObjectNode call = JsonNodeFactory.instance.objectNode().put("id", id);
        call.putObject("function").put("name", name).set("arguments", arguments);
        return call;
    }

    private void media(Part.Media media, ObjectNode message) {
        if (media.kind() == Part.MediaKind.IMAGE && media.source() instanceof Source.Inline inline) {
            message.withArray("images").add(inline.base64());
        } else if (media.source() instanceof Source.PlainText text) {
            append(message, "content", text.text());
        } else {
            terms.dropped(
                    media.extras().at().isEmpty()
                            ? "messages[].content[]"
                            : media.extras().at());
        }
    }

    private ObjectNode result(Part.ToolResult result) {
        ObjectNode message =
                JsonNodeFactory.instance.objectNode().put("role", "tool").put("content", "");
        for (Part part : result.content()) {
            part(part, message);
        }
        String name = names.get(result.id());
        if (name != null) {
            message.put("tool_name", name);
        }
        if (!result.id().isEmpty()) {
            message.put("tool_call_id", result.id());
        }
        dropCache(result.cache(), result.extras());
        if (result.error()) {
            terms.dropped(result.extras(), Asked.IS_ERROR);
        }
        terms.carry(result.extras(), Ollama.ID, message);
        return message;
    }
}
