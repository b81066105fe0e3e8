package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code system} and {@code messages}. A conversation that was read in this dialect comes out as it was. One of
 * another dialect is put into the form that all models take: system messages in front, the others merged into turns that
 * alternate and begin with the user's, tool results first in theirs, and no document without a word beside it.
 */
final class ConversationWriter {
    private static final String USER = "user";

    /** What is said where something must be and the caller said nothing. */
    private static final String NOTHING = ".";

    private final WriteTerms terms;
    private final boolean own;
    private final ContentWriter content;
    private final List<Part> system = new ArrayList<>();
    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    private @Nullable ArrayNode others;

    ConversationWriter(WriteTerms terms, boolean own, ContentWriter content) {
        this.terms = terms;
        this.own = own;
        this.content = content;
    }

    void write(List<Message> conversation, ObjectNode body) {
        for (Message message : conversation) {
            if (own) {
                asGiven(message);
            } else {
                merged(message);
            }
        }
        finishTurn();
        ArrayNode instructions = content.blocks(system);
        if (!instructions.isEmpty()) {
            body.set("system", instructions);
        }
        if (!own && !USER.equals(messages.path(0).path("role").asString(""))) {
            ObjectNode first = messages.insertObject(0).put("role", USER);
            first.putArray("content").addObject().put("text", NOTHING);
        }
        if (!own) {
            stripPrefill();
        }
        body.set("messages", messages);
    }

    private void asGiven(Message message) {
        if (message.extras().at().equals("system")) {
            system.addAll(message.parts());
            return;
        }
        ObjectNode node = messages.addObject().put("role", role(message.role()));
        node.set("content", content.blocks(message.parts()));
        terms.carry(message.extras(), Bedrock.ID, node);
    }

    private static String role(Role role) {
        return switch (role) {
            case SYSTEM, DEVELOPER -> "system";
            case USER, TOOL -> USER;
            case ASSISTANT -> "assistant";
        };
    }

    private void merged(Message message) {
        terms.dropped(message.extras());
        String role = role(message.role());
        if (role.equals("system")) {
            system.addAll(message.parts());
            if (!messages.isEmpty()) {
                terms.dropped(message.extras().path("position"));
            }
            return;
        }
        ArrayNode results = JsonNodeFactory.instance.arrayNode();
        ArrayNode said = JsonNodeFactory.instance.arrayNode();
        for (Part part : message.parts()) {
            content.add(part, part instanceof Part.ToolResult ? results : said);
        }
        if (!results.isEmpty() || !said.isEmpty()) {
            ArrayNode turn = turn(role);
            turn.addAll(results);
            others(turn).addAll(said);
        }
    }

    /** The blocks of the turn that this role's words belong to, a new one where the other had spoken. */
    private ArrayNode turn(String role) {
        JsonNode last = messages.path(messages.size() - 1);
        if (last.path("role").asString("").equals(role)) {
            return (ArrayNode) last.path("content");
        }
        finishTurn();
        return messages.addObject().put("role", role).putArray("content");
    }

    /** What is said in a turn besides tool results, which it is held back for. */
    private ArrayNode others(ArrayNode turn) {
        if (others == null) {
            others = turn.arrayNode();
        }
        return others;
    }

    private void finishTurn() {
        if (messages.isEmpty() || others == null) {
            return;
        }
        ArrayNode turn = (ArrayNode) messages.path(messages.size() - 1).path("content");
        turn.addAll(others);
        others = null;
        if (has(turn, "document") && !has(turn, "text")) {
            turn.addObject().put("text", NOTHING);
        }
    }

    private static boolean has(ArrayNode blocks, String member) {
        for (JsonNode block : blocks) {
            if (block.has(member)) {
                return true;
            }
        }
        return false;
    }

    /** Models refuse an answer begun for them that ends in blanks. */
    private void stripPrefill() {
        JsonNode last = messages.path(messages.size() - 1);
        JsonNode blocks = last.path("content");
        boolean prefill = last.path("role").asString("").equals("assistant");
        if (prefill && blocks.path(blocks.size() - 1) instanceof ObjectNode block && block.has("text")) {
            block.put("text", block.path("text").asString("").stripTrailing());
        }
    }
}
