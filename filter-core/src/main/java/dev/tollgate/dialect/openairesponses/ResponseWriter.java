package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.dialect.WriteTerms;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes whole answers. Texts in a row are one message, everything else is an item of its own. There is one alternative in
 * this dialect; others are noted as dropped.
 */
final class ResponseWriter {
    private final WriteTerms terms;
    private final boolean own;
    private final OutputItems items;
    private final ArrayNode output = JsonNodeFactory.instance.arrayNode();
    private @Nullable ObjectNode message;
    private String from = "";
    private boolean declines;
    private int chance;

    private ResponseWriter(WriteTerms terms, boolean own, OutputItems items) {
        this.terms = terms;
        this.own = own;
        this.items = items;
    }

    static ObjectNode write(ChatRequest request, ChatResponse response, WriteTerms terms, InstantSource clock) {
        boolean own = response.extras().isFrom(OpenAiResponses.ID);
        ItemIds ids = new ItemIds(response.id(), clock);
        OutputItems items = new OutputItems(ids, new ToolNames(request.tools()), terms);
        long created = response.created() == null ? clock.instant().getEpochSecond() : response.created();
        ObjectNode body = own ? own(response, created) : Echo.of(request, ids.response(), response.model(), created);
        return new ResponseWriter(terms, own, items).write(response, body);
    }

    private static ObjectNode own(ChatResponse response, long created) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("id", response.id());
        return body.put("object", "response").put("created_at", created).put("model", response.model());
    }

    private ObjectNode write(ChatResponse response, ObjectNode body) {
        List<Choice> choices = response.choices();
        if (choices.size() > 1) {
            terms.dropped("response.choices[]");
        }
        if (choices.isEmpty()) {
            Status.write(new FinishReason(FinishReason.Kind.OTHER, "", ""), false, body);
        } else {
            choice(choices.get(0), body);
        }
        body.set("output", output);
        if (response.usage() != null) {
            body.set("usage", UsageFields.write(response.usage(), terms));
        }
        terms.carry(response.extras(), OpenAiResponses.ID, body);
        return body;
    }

    private void choice(Choice choice, ObjectNode body) {
        for (Part part : choice.parts()) {
            if (ItemPaths.isContent(part) && !(part instanceof Part.Media && !own)) {
                content(part, choice);
            } else {
                endMessage(choice);
                item(part);
            }
        }
        endMessage(choice);
        Status.write(choice.finish(), declines, body);
        boolean whole = Status.isWhole(choice.finish(), declines);
        JsonNode last = output.path(output.size() - 1);
        if (!own && !whole && last instanceof ObjectNode cut && cut.has("status")) {
            cut.put("status", Status.INCOMPLETE);
        }
        if (!own) {
            terms.dropped(choice.extras());
        }
    }

    private void content(Part part, Choice choice) {
        String at = own ? ItemPaths.of(part) : "";
        if (message != null && !at.equals(from)) {
            endMessage(choice);
        }
        if (message == null) {
            message = own ? givenMessage() : items.message();
            from = at;
        }
        message.withArray("content").add(content(part, choice.chances()));
    }

    private static ObjectNode givenMessage() {
        return JsonNodeFactory.instance.objectNode().put("type", "message").put("role", "assistant");
    }

    private JsonNode content(Part part, List<TokenChance> chances) {
        if (part instanceof Part.Text text) {
            ObjectNode node = OutputItems.text().put("text", text.text());
            node.set(
                    "annotations",
                    Annotations.write(text.citations(), text.text().length(), terms));
            node.set("logprobs", Logprobs.write(chancesOf(text.text(), chances)));
            terms.carry(text.extras(), OpenAiResponses.ID, node);
            return node;
        }
        if (part instanceof Part.Declined declined) {
            declines = true;
            ObjectNode node = OutputItems.refusal().put("refusal", declined.text());
            terms.carry(declined.extras(), OpenAiResponses.ID, node);
            return node;
        }
        if (part instanceof Part.Foreign foreign) {
            return foreign.whole().value();
        }
        throw new AssertionError(part);
    }

    /** The chances that belong to a text: as many as make up its length. */
    private List<TokenChance> chancesOf(String text, List<TokenChance> chances) {
        int first = chance;
        for (int length = 0; chance < chances.size() && length < text.length(); chance++) {
            length += chances.get(chance).token().length();
        }
        return chances.subList(first, chance);
    }

    private void endMessage(Choice choice) {
        if (message == null) {
            return;
        }
        if (own) {
            terms.carry(ItemPaths.rest(choice.extras(), from), OpenAiResponses.ID, message);
        } else {
            message.put("status", Status.COMPLETED);
        }
        output.add(message);
        message = null;
    }

    private void item(Part part) {
        if (part instanceof Part.ToolCall call) {
            call(call);
        } else if (part instanceof Part.Reasoning reasoning) {
            reasoning(reasoning);
        } else if (part instanceof Part.Foreign foreign) {
            foreign(foreign.whole());
        } else {
            ObjectNode picture = part instanceof Part.Media media ? items.picture(media) : null;
            if (picture == null) {
                terms.dropped(part.extras().path("content"));
            } else {
                output.add(picture);
                terms.dropped(part.extras());
            }
        }
    }

    private void foreign(Opaque whole) {
        if (whole.isFrom(OpenAiResponses.ID)) {
            output.add(whole.value());
        } else {
            terms.dropped(whole);
        }
    }

    private void call(Part.ToolCall call) {
        ObjectNode item;
        if (own) {
            item = JsonNodeFactory.instance.objectNode().put("type", "function_call");
            terms.carry(call.extras(), OpenAiResponses.ID, item);
            item.put("call_id", call.id()).put("arguments", call.arguments());
            item.putIfAbsent("name", item.stringNode(call.name()));
        } else {
            item = items.call(call.id(), call.name()).put("status", Status.COMPLETED);
            item.put(OutputItems.inputName(item), OutputItems.input(item, call.arguments()));
            terms.dropped(call.extras());
        }
        output.add(item);
        if (call.proof() != null) {
            output.add(items.proofOf(call.id(), call.proof()));
        }
    }

    private void reasoning(Part.Reasoning reasoning) {
        Extras extras = reasoning.extras();
        ObjectNode item = items.reasoning();
        if (extras.isFrom(OpenAiResponses.ID)) {
            item.removeAll();
            item.put("type", "reasoning");
        }
        if (reasoning.proof() != null) {
            items.prove(item, reasoning.proof());
        }
        terms.carry(extras, OpenAiResponses.ID, item);
        if (item.path("summary").isEmpty()
                && item.path("content").isEmpty()
                && !reasoning.text().isEmpty()) {
            item.withArray("summary").add(OutputItems.summary().put("text", reasoning.text()));
        }
        output.add(item);
    }
}
