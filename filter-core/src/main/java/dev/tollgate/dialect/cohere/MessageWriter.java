package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.Media;
import dev.tollgate.chat.Part.MediaKind;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.DataUrl;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Writes the messages of a request, and the one of an answer. A conversation that was read in this dialect comes out as it
 * was. One of another dialect gets its tool results in messages of their own before the rest of their turn, with their
 * images after them in the user's.
 */
final class MessageWriter {
    private final WriteTerms terms;
    private final boolean own;
    private final boolean answers;
    private final ArrayNode out = JsonNodeFactory.instance.arrayNode();

    private MessageWriter(WriteTerms terms, boolean own, boolean answers) {
        this.terms = terms;
        this.own = own;
        this.answers = answers;
    }

    static ArrayNode write(List<Message> messages, WriteTerms terms, boolean own) {
        MessageWriter writer = new MessageWriter(terms, own, false);
        messages.forEach(writer::write);
        return writer.out;
    }

    /** The message of an answer. */
    static ObjectNode answer(List<Part> parts, WriteTerms terms, boolean own) {
        return new MessageWriter(terms, own, true).spoken(parts);
    }

    private void write(Message message) {
        switch (message.role()) {
            case SYSTEM -> say("system", message);
            case DEVELOPER -> say(own ? "developer" : "system", message);
            case ASSISTANT -> assistant(message);
            default -> heard(message);
        }
    }

    private void say(String role, Message message) {
        terms.carry(message.extras(), Cohere.ID, say(role, message.parts()));
    }

    private ObjectNode say(String role, List<Part> parts) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("role", role);
        JsonNode content = content(parts);
        node.set("content", content);
        if (own || !content.isEmpty() || !content.asString("").isBlank()) {
            out.add(node);
        }
        return node;
    }

    private void assistant(Message message) {
        ObjectNode node = spoken(message.parts());
        terms.carry(message.extras(), Cohere.ID, node);
        if (own || node.size() > 1) {
            out.add(node);
        }
    }

    private ObjectNode spoken(List<Part> parts) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("role", "assistant");
        List<Part> said = new ArrayList<>();
        ArrayNode calls = JsonNodeFactory.instance.arrayNode();
        for (Part part : parts) {
            if (part instanceof Part.ToolCall call) {
                calls.add(call(call));
            } else if (part instanceof Part.Reasoning plan && isPlan(plan)) {
                node.put(MessageReader.PLAN, plan.text());
            } else {
                said.add(part);
            }
        }
        JsonNode content = content(said);
        boolean saysSomething = !content.isEmpty() || !content.asString("").isEmpty();
        if (saysSomething || (own && !said.isEmpty())) {
            node.set("content", answers ? listed(content) : content);
        }
        if (!calls.isEmpty()) {
            node.set("tool_calls", calls);
        }
        citations(said, node);
        return node;
    }

    private static JsonNode listed(JsonNode content) {
        if (content.isArray()) {
            return content;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        list.add(typed("text").put("text", content.stringValue()));
        return list;
    }

    private static boolean isPlan(Part.Reasoning reasoning) {
        Extras extras = reasoning.extras();
        return extras.isFrom(Cohere.ID) && extras.at().endsWith('.' + MessageReader.PLAN);
    }

    private void citations(List<Part> said, ObjectNode node) {
        ArrayNode citations = JsonNodeFactory.instance.arrayNode();
        int index = 0;
        for (Part part : said) {
            if (part instanceof Part.Text text) {
                for (Citation citation : text.citations()) {
                    citations.add(Citations.write(citation, text.text(), index));
                }
            }
            index++;
        }
        if (!citations.isEmpty()) {
            node.set("citations", citations);
        }
    }

    private ObjectNode call(Part.ToolCall call) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("id", call.id());
        node.put("type", "function");
        String arguments = call.arguments().isBlank() && !own ? "{}" : call.arguments();
        node.putObject("function").put("name", call.name()).put("arguments", arguments);
        if (call.proof() != null) {
            terms.dropped(call.proof());
        }
        dropCache(call.cache(), call.extras());
        terms.carry(call.extras(), Cohere.ID, node);
        return node;
    }

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
        terms.carry(message.extras(), Cohere.ID, last);
    }

    private ObjectNode result(Part.ToolResult result, List<Part> shown) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("role", "tool");
        node.put("tool_call_id", result.id());
        List<Part> told = new ArrayList<>(result.content());
        if (!own && told.removeIf(part -> part instanceof Media)) {
            result.content().stream().filter(part -> part instanceof Media).forEach(shown::add);
            told.add(Part.Text.of("(its pictures follow in the next message)"));
        }
        node.set("content", content(told));
        if (result.error()) {
            terms.dropped(result.extras(), Asked.IS_ERROR);
        }
        dropCache(result.cache(), result.extras());
        terms.dropped(result.extras());
        return node;
    }

    /** Content as a string where that says it all, else as a list of parts. */
    private JsonNode content(List<Part> parts) {
        if (parts.size() == 1 && parts.get(0) instanceof Part.Text text && isPlain(text)) {
            dropCache(text.cache(), text.extras());
            terms.dropped(text.extras());
            return StringNode.valueOf(text.text());
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Part part : parts) {
            ObjectNode node = part(part);
            if (node != null) {
                list.add(node);
            }
        }
        return list;
    }

    private static boolean isPlain(Part.Text text) {
        Extras extras = text.extras();
        return !extras.isFrom(Cohere.ID) || extras.isEmpty();
    }

    private static ObjectNode typed(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private @Nullable ObjectNode part(Part part) {
        if (part instanceof Part.Text text) {
            return text(text);
        }
        if (part instanceof Part.Declined declined) {
            return finish(typed("text").put("text", declined.text()), declined.extras());
        }
        if (part instanceof Part.Reasoning reasoning) {
            return thinking(reasoning);
        }
        if (part instanceof Media media) {
            return media(media);
        }
        Opaque whole = part instanceof Part.Foreign foreign ? foreign.whole() : null;
        if (whole != null && whole.isFrom(Cohere.ID) && whole.value() instanceof ObjectNode given) {
            return given;
        }
        terms.dropped(part.extras());
        if (whole != null) {
            terms.dropped(whole);
        }
        return null;
    }

    private ObjectNode finish(ObjectNode node, Extras extras) {
        terms.carry(extras, Cohere.ID, node);
        return node;
    }

    private @Nullable ObjectNode text(Part.Text text) {
        Extras extras = text.extras();
        dropCache(text.cache(), extras);
        if (extras.isFrom(Cohere.ID) && extras.fields().containsKey(MessageReader.DOCUMENT)) {
            ObjectNode node = typed("document");
            node.putObject("document").set("data", data(text.text()));
            return finish(node, extras);
        }
        if (text.text().isEmpty() && !own) {
            terms.dropped(extras);
            return null;
        }
        return finish(typed("text").put("text", text.text()), extras);
    }

    private static JsonNode data(String text) {
        try {
            JsonNode data = Json.read(text);
            return data.isObject() ? data : StringNode.valueOf(text);
        } catch (JacksonException e) {
            return StringNode.valueOf(text);
        }
    }

    private @Nullable ObjectNode thinking(Part.Reasoning reasoning) {
        if (reasoning.proof() != null) {
            terms.dropped(reasoning.proof());
        }
        if (reasoning.text().isEmpty() && !own) {
            return null;
        }
        return finish(typed("thinking").put("thinking", reasoning.text()), reasoning.extras());
    }

    /** Cohere sees images; of documents it reads the text. */
    private @Nullable ObjectNode media(Media media) {
        dropCache(media.cache(), media.extras());
        Source source = media.source();
        String text = media.kind() == MediaKind.DOCUMENT ? textOf(source) : null;
        if (text != null) {
            if (media.name() != null) {
                terms.dropped(media.extras(), Asked.TITLE);
            }
            return finish(typed("text").put("text", text), media.extras());
        }
        String url = null;
        if (source instanceof Source.Inline inline) {
            url = DataUrl.write(inline);
        } else if (source instanceof Source.Url remote) {
            url = remote.url();
        }
        if (url == null || media.kind() != MediaKind.IMAGE) {
            terms.dropped(media.extras().path(media.kind().name().toLowerCase(Locale.ROOT)));
            return null;
        }
        ObjectNode node = typed("image_url");
        node.putObject("image_url").put("url", url);
        return finish(node, media.extras());
    }

    private static @Nullable String textOf(Source source) {
        if (source instanceof Source.PlainText plain) {
            return plain.text();
        }
        if (source instanceof Source.Inline inline && inline.mediaType().startsWith("text/")) {
            try {
                return new String(Base64.getDecoder().decode(inline.base64()), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return null;
    }

    /** Cohere caches by itself. */
    private void dropCache(Part.@Nullable CacheHint cache, Extras extras) {
        if (cache != null) {
            terms.dropped(extras, Asked.CACHE);
        }
    }
}
