package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code systemInstruction} and {@code contents}. A conversation that was read in this dialect comes out as it was. One
 * of another dialect is put into Google's form: all system messages in front, the others merged into turns that alternate
 * and begin with the user's, all results of one turn's calls together and first in theirs.
 */
final class ContentWriter {
    private static final String USER = "user";
    private static final String MODEL = "model";

    private final WriteTerms terms;
    private final boolean own;
    private final Generation generation;
    private final PartWriter parts;
    private final ObjectNode system = JsonNodeFactory.instance.objectNode();
    private final ArrayNode contents = JsonNodeFactory.instance.arrayNode();

    ContentWriter(WriteTerms terms, boolean own, Generation generation) {
        this.terms = terms;
        this.own = own;
        this.generation = generation;
        this.parts = new PartWriter(terms, own, generation);
    }

    void write(List<Message> conversation, ObjectNode body) {
        for (Message message : conversation) {
            if (own) {
                asGiven(message);
            } else {
                merged(message);
            }
        }
        if (!system.path("parts").isEmpty()) {
            body.set("systemInstruction", system);
        }
        if (!own) {
            excuseCalls();
            beginWithUser();
        }
        body.set("contents", contents);
    }

    private void asGiven(Message message) {
        if (message.role() == Role.SYSTEM) {
            parts.write(message.parts(), system.withArray("parts"));
            terms.carry(message.extras(), Gemini.ID, system);
            return;
        }
        ObjectNode content = contents.addObject();
        parts.write(message.parts(), content.put("role", role(message.role())).putArray("parts"));
        terms.carry(message.extras(), Gemini.ID, content);
    }

    private static String role(Role role) {
        return switch (role) {
            case ASSISTANT -> MODEL;
            case TOOL -> "function";
            default -> USER;
        };
    }

    private void merged(Message message) {
        terms.dropped(message.extras());
        if (message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER) {
            parts.write(message.parts(), system.withArray("parts"));
            if (!contents.isEmpty()) {
                terms.dropped(message.extras().path("position"));
            }
            return;
        }
        ArrayNode said = JsonNodeFactory.instance.arrayNode();
        parts.write(message.parts(), said);
        if (!said.isEmpty()) {
            add(message.role() == Role.ASSISTANT ? MODEL : USER, said);
        }
    }

    private void add(String role, ArrayNode said) {
        JsonNode last = contents.path(contents.size() - 1);
        if (!last.path("role").asString("").equals(role)) {
            contents.addObject().put("role", role).set("parts", said);
            return;
        }
        ArrayNode before = last.withArray("parts");
        before.addAll(said);
        resultsFirst(before);
    }

    private static void resultsFirst(ArrayNode turn) {
        List<JsonNode> results = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        turn.forEach(part -> (part.has("functionResponse") ? results : others).add(part));
        turn.removeAll();
        turn.addAll(results);
        turn.addAll(others);
    }

    /** Says of each turn of calls that comes without its signature that it needs none: another model made it. */
    private void excuseCalls() {
        for (JsonNode content : contents) {
            for (JsonNode part : content.path("parts")) {
                if (part.has("functionCall")) {
                    excuse((ObjectNode) part);
                    break;
                }
            }
        }
    }

    private void excuse(ObjectNode call) {
        if (generation.wantsSignatures() && !call.has(Signatures.MEMBER)) {
            call.put(Signatures.MEMBER, Signatures.NOT_NEEDED);
        }
    }

    /** Google refuses an empty conversation, and a call that nobody asked for. */
    private void beginWithUser() {
        if (!contents.path(0).path("role").asString("").equals(USER)) {
            contents.insertObject(0)
                    .put("role", USER)
                    .putArray("parts")
                    .addObject()
                    .put("text", ".");
        }
    }
}
