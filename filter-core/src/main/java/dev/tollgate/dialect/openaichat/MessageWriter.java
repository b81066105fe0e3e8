package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Message;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.ToolIds;
import dev.tollgate.dialect.WriteTerms;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the messages of a request. A conversation that was read in this dialect comes out as it was. One of another dialect
 * is put into the form that the most providers accept: text in one string, tool results in messages of their own before the
 * rest of their turn, their images after them in a user message.
 */
final class MessageWriter {
    /** OpenAI's limit. */
    private static final int LONGEST_CALL_ID = 40;

    private static final String REASONING = "reasoning_content";

    private final WriteTerms terms;
    private final boolean own;
    private final PartWriter parts;
    private final ArrayNode out = JsonNodeFactory.instance.arrayNode();

    MessageWriter(WriteTerms terms, boolean own) {
        this.terms = terms;
        this.own = own;
        this.parts = new PartWriter(terms, own);
    }

    ArrayNode write(List<Message> messages) {
        messages.forEach(this::write);
        return out;
    }

    private void write(Message message) {
        switch (message.role()) {
            case SYSTEM -> add("system", message);
            case DEVELOPER -> {
                // The older word; newer models take it for the newer one, and many providers know no other.
                add(own ? "developer" : "system", message);
            }
            case ASSISTANT -> assistant(message);
            default -> heard(message);
        }
    }

    private void add(String role, Message message) {
        terms.carry(message.extras(), OpenAiChat.ID, say(role, message.parts()));
    }

    /** A message of these parts. It is left out where nothing of another dialect's could be carried. */
    private ObjectNode say(String role, List<Part> said) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("role", role);
        JsonNode content = parts.content(said);
        node.set("content", content);
        if (own || saysSomething(content)) {
            out.add(node);
        }
        return node;
    }

    private static boolean saysSomething(JsonNode content) {
        return !content.isEmpty() || !content.asString("").isEmpty();
    }

    /** What the model hears: tool results, each in a message of its own, then what the user says. */
    private void heard(Message message) {
        List<Part> said = new ArrayList<>();
        List<Part> shown = new ArrayList<>();
        ObjectNode last = null;
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                last = result(result, shown);
                out.add(last);
            } else {
                said.add(part);
            }
        }
        shown.addAll(said);
        if (last == null || !shown.isEmpty()) {
            last = say("user", shown);
        }
        terms.carry(message.extras(), OpenAiChat.ID, last);
    }

    private ObjectNode result(Part.ToolResult result, List<Part> shown) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("role", "tool");
        node.put("tool_call_id", callId(result.id()));
        List<Part> told = new ArrayList<>(result.content());
        if (!own && told.removeIf(part -> part instanceof Part.Media)) {
            result.content().stream().filter(part -> part instanceof Part.Media).forEach(shown::add);
            told.add(Part.Text.of("(its pictures follow in the next message)"));
        }
        node.set("content", parts.content(told));
        if (result.error()) {
            terms.dropped(result.extras(), Asked.IS_ERROR);
        }
        parts.dropCache(result.cache(), result.extras());
        terms.dropped(result.extras());
        return node;
    }

    private String callId(String id) {
        return own ? id : ToolIds.within(id, LONGEST_CALL_ID);
    }

    private void assistant(Message message) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("role", "assistant");
        List<Part> said = new ArrayList<>();
        ArrayNode calls = JsonNodeFactory.instance.arrayNode();
        for (Part part : message.parts()) {
            if (part instanceof Part.Reasoning reasoning) {
                reasoning(reasoning, node, said);
            } else if (part instanceof Part.Declined declined) {
                append(node, "refusal", declined.text());
                terms.carry(declined.extras(), OpenAiChat.ID, node);
            } else if (part instanceof Part.ToolCall call) {
                calls.add(call(call));
            } else if (own && part instanceof Part.Media media && isMade(media)) {
                node.withArray(MessageReader.IMAGES).add(parts.made(media));
            } else if (part instanceof Part.Foreign foreign && isCall(foreign)) {
                calls.add(foreign.whole().value());
            } else {
                cited(part, node);
                said.add(part);
            }
        }
        said(node, said, calls);
        terms.carry(message.extras(), OpenAiChat.ID, node);
        if (own || node.size() > 1) {
            out.add(node);
        }
    }

    /** Whether it is an image that a model made, which is not a part of the content. */
    private static boolean isMade(Part.Media media) {
        return media.extras().at().endsWith('.' + MessageReader.IMAGES);
    }

    private void cited(Part part, ObjectNode node) {
        if (own && part instanceof Part.Text text) {
            text.citations()
                    .forEach(citation -> node.withArray(Annotations.MEMBER)
                            .add(citation.whole().value()));
        }
    }

    private void said(ObjectNode node, List<Part> said, ArrayNode calls) {
        JsonNode content = parts.content(said);
        if (saysSomething(content) || (own && !said.isEmpty())) {
            node.set("content", content);
        } else if (!calls.isEmpty() || node.has("refusal")) {
            node.putNull("content");
        }
        if (!calls.isEmpty()) {
            node.set("tool_calls", calls);
        }
    }

    /** A tool call of a kind only this dialect has, which is put back where it stood. */
    static boolean isCall(Part.Foreign foreign) {
        return foreign.whole().isFrom(OpenAiChat.ID) && foreign.whole().at().contains(".tool_calls[");
    }

    private void reasoning(Part.Reasoning reasoning, ObjectNode node, List<Part> said) {
        Opaque proof = reasoning.proof();
        boolean proved = proof != null && (own ? isOurs(proof) : terms.givesBack(proof, OpenAiChat.ID));
        if (proof != null && proved && proof.value().isObject()) {
            // A part of the content in Mistral's form, kept whole.
            said.add(new Part.Foreign("thinking", proof));
            return;
        }
        if (proof != null && proved) {
            node.withArray(Carriers.DETAILS).addAll(Carriers.returned(proof.value(), own ? "" : reasoning.text()));
        }
        if (reasoning.text().isEmpty()) {
            return;
        }
        String name = reasoningName(reasoning);
        if (!own && terms.quirks().drops().contains(name)) {
            terms.dropped(reasoning.extras().path("thinking"));
        } else if (!name.equals(MessageReader.REASONING_DETAILS)) {
            append(node, name, reasoning.text());
        } else if (!own && !proved) {
            append(node, REASONING, reasoning.text());
        }
    }

    /** Whether a proof stood in a request of this dialect; notes one that did not. */
    private boolean isOurs(Opaque proof) {
        if (!proof.isFrom(OpenAiChat.ID)) {
            terms.dropped(proof);
        }
        return proof.isFrom(OpenAiChat.ID);
    }

    /** The member that reasoning stood in, if it was read in this dialect. */
    static String reasoningName(Part.Reasoning reasoning) {
        String at = reasoning.extras().at();
        return reasoning.extras().isFrom(OpenAiChat.ID) ? at.substring(at.lastIndexOf('.') + 1) : REASONING;
    }

    static void append(ObjectNode node, String member, String text) {
        node.put(member, node.path(member).asString("") + text);
    }

    private ObjectNode call(Part.ToolCall call) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", callId(call.id())).put("type", "function");
        String arguments = call.arguments().isEmpty() && !own ? "{}" : call.arguments();
        node.putObject("function").put("name", call.name()).put("arguments", arguments);
        parts.dropCache(call.cache(), call.extras());
        Opaque proof = call.proof();
        if (proof != null && (own ? isOurs(proof) : terms.givesBack(proof, OpenAiChat.ID))) {
            node.set(Carriers.EXTRA_CONTENT, proof.value());
        }
        terms.carry(call.extras(), OpenAiChat.ID, node);
        return node;
    }
}
