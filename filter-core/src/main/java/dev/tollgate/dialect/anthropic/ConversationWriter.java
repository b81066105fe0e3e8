package dev.tollgate.dialect.anthropic;

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
 * another dialect is put into Anthropic's form: all system messages in front, the others merged into turns that alternate
 * and begin with the user's, tool results first in theirs.
 */
final class ConversationWriter {
    private static final String USER = "user";

    private final WriteTerms terms;
    private final boolean own;
    private final BlockWriter blocks;
    private final List<Part> system = new ArrayList<>();
    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

    /** The turn that another dialect's messages are being merged into. */
    private @Nullable Turn turn;

    ConversationWriter(WriteTerms terms, boolean own) {
        this.terms = terms;
        this.own = own;
        this.blocks = new BlockWriter(terms, own);
    }

    private record Turn(String role, List<ObjectNode> results, List<ObjectNode> others) {}

    void write(List<Message> conversation, ObjectNode body) {
        for (Message message : conversation) {
            if (own) {
                asGiven(message);
            } else {
                merged(message);
            }
        }
        close();
        if (!system.isEmpty()) {
            JsonNode content = blocks.content(system);
            if (own || !content.isEmpty() || !content.asString("").isBlank()) {
                body.set("system", content);
            }
        }
        if (!own) {
            beginWithUser();
            stripPrefill();
        }
        body.set("messages", messages);
    }

    private void asGiven(Message message) {
        if (message.extras().at().equals("system")) {
            system.addAll(message.parts());
            return;
        }
        ObjectNode node = messages.addObject();
        node.put("role", role(message.role()));
        node.set("content", blocks.content(message.parts()));
        terms.carry(message.extras(), Anthropic.ID, node);
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
            if (turn != null) {
                terms.dropped(message.extras().path("position"));
            }
            return;
        }
        if (turn == null || !turn.role().equals(role)) {
            close();
            turn = new Turn(role, new ArrayList<>(), new ArrayList<>());
        }
        for (Part part : message.parts()) {
            ObjectNode block = blocks.block(part);
            if (block != null) {
                (part instanceof Part.ToolResult ? turn.results() : turn.others()).add(block);
            }
        }
    }

    private void close() {
        if (turn != null && !(turn.results().isEmpty() && turn.others().isEmpty())) {
            add(turn.role(), turn);
        }
    }

    private void add(String role, Turn spoken) {
        ObjectNode last = (ObjectNode) messages.get(messages.size() - 1);
        boolean goesOn = last != null && last.path("role").asString("").equals(role);
        ArrayNode content = goesOn
                ? last.withArray("content")
                : messages.addObject().put("role", role).putArray("content");
        content.addAll(spoken.results());
        content.addAll(spoken.others());
    }

    /** Anthropic refuses a conversation in which the model speaks first, or nobody does. */
    private void beginWithUser() {
        if (!messages.path(0).path("role").asString("").equals(USER)) {
            messages.insertObject(0).put("role", USER).put("content", ".");
        }
    }

    /** Anthropic refuses an answer begun for the model that ends in blanks. */
    private void stripPrefill() {
        JsonNode last = messages.path(messages.size() - 1);
        JsonNode content = last.path("content");
        boolean prefill = last.path("role").asString("").equals("assistant");
        if (prefill && content.path(content.size() - 1) instanceof ObjectNode block && block.has("text")) {
            block.put("text", block.path("text").asString("").stripTrailing());
        }
    }
}
