package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.ToolIds;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code instructions} and {@code input}. A conversation that was read in this dialect comes out as it was. Of one of
 * another dialect, the system messages in front are the instructions.
 */
final class InputWriter {
    /** OpenAI's limit. */
    private static final int LONGEST_CALL_ID = 64;

    private final WriteTerms terms;
    private final boolean own;
    private final ContentWriter contents;
    private final ArrayNode items = JsonNodeFactory.instance.arrayNode();

    InputWriter(WriteTerms terms, boolean own) {
        this.terms = terms;
        this.own = own;
        this.contents = new ContentWriter(terms, own);
    }

    void write(List<Message> messages, ObjectNode body) {
        int from = 0;
        StringBuilder instructions = new StringBuilder();
        while (from < messages.size() && isInstruction(messages.get(from))) {
            instruction(messages.get(from++), instructions);
        }
        if (!instructions.isEmpty() || (own && from > 0)) {
            body.put("instructions", instructions.toString());
        }
        messages.subList(from, messages.size()).forEach(this::write);
        JsonNode only = items.path(0);
        boolean plain =
                items.size() == 1 && only.size() == 3 && only.path("content").isString();
        boolean asked = plain && only.path("role").asString("").equals("user");
        body.set("input", asked ? only.path("content") : items);
    }

    private boolean isInstruction(Message message) {
        if (own) {
            return message.extras().at().equals("instructions");
        }
        boolean system = message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
        return system && message.parts().stream().allMatch(part -> part instanceof Part.Text);
    }

    /** Several texts in one: a blank line keeps apart what were separate blocks. */
    private void instruction(Message message, StringBuilder instructions) {
        terms.dropped(message.extras());
        for (Part part : message.parts()) {
            Part.Text text = (Part.Text) part;
            contents.dropCache(text.cache(), text.extras());
            terms.dropped(text.extras());
            instructions
                    .append(instructions.isEmpty() || text.text().isEmpty() ? "" : "\n\n")
                    .append(text.text());
        }
    }

    private void write(Message message) {
        switch (message.role()) {
            case SYSTEM -> say("system", message.parts(), message.extras());
            case DEVELOPER -> say("developer", message.parts(), message.extras());
            case ASSISTANT -> turn(message);
            default -> heard(message);
        }
    }

    /** A message item. It is left out where nothing of another dialect's could be carried. */
    private void say(String role, List<Part> parts, Extras extras) {
        ObjectNode item = item("message").put("role", role);
        JsonNode content = contents.content(parts, role.equals("assistant"));
        item.set("content", content);
        terms.carry(extras, OpenAiResponses.ID, item);
        if (own || !content.isEmpty() || !content.asString("").isEmpty()) {
            items.add(item);
        }
    }

    private static ObjectNode item(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    /** What the model hears: tool results, and what the user says. */
    private void heard(Message message) {
        List<Part> said = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                items.add(result(result));
            } else if (part instanceof Part.Foreign foreign && !ItemPaths.isContent(part)) {
                foreign(foreign);
            } else {
                said.add(part);
            }
        }
        if (!said.isEmpty()) {
            say("user", said, message.extras());
        } else {
            terms.dropped(message.extras());
        }
    }

    private void foreign(Part.Foreign foreign) {
        if (foreign.whole().isFrom(OpenAiResponses.ID)) {
            items.add(foreign.whole().value());
        } else {
            terms.dropped(foreign.whole());
        }
    }

    private ObjectNode result(Part.ToolResult result) {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        terms.carry(result.extras(), OpenAiResponses.ID, item);
        item.putIfAbsent("type", item.stringNode("function_call_output"));
        item.put("call_id", callId(result.id()));
        JsonNode output = contents.content(result.content(), false);
        item.putIfAbsent("output", output.isArray() && output.isEmpty() && !own ? item.stringNode("") : output);
        if (result.error()) {
            terms.dropped(result.extras(), Asked.IS_ERROR);
        }
        contents.dropCache(result.cache(), result.extras());
        return item;
    }

    private String callId(String id) {
        return own ? id : ToolIds.within(id, LONGEST_CALL_ID);
    }

    /** What the model produced: its words as messages, everything else as an item each. */
    private void turn(Message message) {
        List<Part> said = new ArrayList<>();
        String from = "";
        for (Part part : message.parts()) {
            String at = own ? ItemPaths.of(part) : "";
            if (!at.equals(from) || !ItemPaths.isContent(part)) {
                said(said, from, message);
            }
            from = at;
            if (ItemPaths.isContent(part)) {
                said.add(part);
            } else if (part instanceof Part.ToolCall call) {
                items.add(call(call));
            } else if (part instanceof Part.Reasoning reasoning) {
                reasoning(reasoning);
            } else if (part instanceof Part.Foreign foreign) {
                foreign(foreign);
            } else {
                terms.dropped(part.extras().path(part.getClass().getSimpleName().toLowerCase(Locale.ROOT)));
            }
        }
        said(said, from, message);
        if (!own) {
            terms.dropped(message.extras());
        }
    }

    private void said(List<Part> said, String from, Message message) {
        if (!said.isEmpty()) {
            say("assistant", List.copyOf(said), own ? ItemPaths.rest(message.extras(), from) : Extras.NONE);
            said.clear();
        }
    }

    private ObjectNode call(Part.ToolCall call) {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        terms.carry(call.extras(), OpenAiResponses.ID, item);
        item.putIfAbsent("type", item.stringNode("function_call"));
        item.put("call_id", callId(call.id()));
        item.putIfAbsent("name", item.stringNode(call.name()));
        if (!item.has("input")) {
            item.put("arguments", call.arguments().isEmpty() && !own ? "{}" : call.arguments());
        }
        if (call.proof() != null) {
            terms.dropped(call.proof());
        }
        contents.dropCache(call.cache(), call.extras());
        return item;
    }

    /** A thought goes back only to who encrypted it. */
    private void reasoning(Part.Reasoning reasoning) {
        Opaque proof = reasoning.proof();
        boolean given = own && reasoning.extras().isFrom(OpenAiResponses.ID);
        boolean provable = proof != null && proof.mayBeOf(OpenAiResponses.ID, terms.providerFamily());
        if (!provable && !(given && proof == null)) {
            String at = proof == null ? reasoning.extras().path("reasoning") : proof.at();
            terms.dropped(at);
            return;
        }
        ObjectNode item = item("reasoning");
        if (proof != null && proof.value() instanceof ObjectNode proven) {
            item.setAll(proven);
        }
        terms.carry(reasoning.extras(), OpenAiResponses.ID, item);
        if (!item.has("summary")) {
            ArrayNode summary = item.putArray("summary");
            if (!reasoning.text().isEmpty()) {
                summary.addObject().put("type", "summary_text").put("text", reasoning.text());
            }
        }
        items.add(item);
    }
}
