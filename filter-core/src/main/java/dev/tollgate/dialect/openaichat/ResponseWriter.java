package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.Seal;
import dev.tollgate.dialect.WriteTerms;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes whole answers. */
final class ResponseWriter {
    private final WriteTerms terms;

    private ResponseWriter(WriteTerms terms) {
        this.terms = terms;
    }

    static ObjectNode write(ChatResponse response, WriteTerms terms, InstantSource clock) {
        return new ResponseWriter(terms).write(response, created(response.created(), clock));
    }

    /** When an answer was made, in seconds since 1970; now, where its dialect does not tell. */
    static long created(@Nullable Long told, InstantSource clock) {
        return told == null ? clock.instant().getEpochSecond() : told;
    }

    private ObjectNode write(ChatResponse response, long created) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", response.id()).put("object", "chat.completion").put("created", created);
        body.put("model", response.model());
        ArrayNode choices = body.putArray("choices");
        response.choices().forEach(choice -> choices.add(choice(choice)));
        if (response.usage() != null) {
            body.set("usage", UsageFields.write(response.usage(), terms));
        }
        terms.carry(response.extras(), OpenAiChat.ID, body);
        return body;
    }

    private ObjectNode choice(Choice choice) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("index", choice.index());
        ObjectNode message = node.putObject("message").put("role", "assistant");
        message.putNull("content").putNull("refusal");
        choice.parts().forEach(part -> part(part, message));
        node.put("finish_reason", FinishWords.write(choice.finish()));
        terms.carry(choice.extras(), OpenAiChat.ID, node);
        if (!choice.chances().isEmpty()) {
            node.set(Chances.MEMBER, Chances.write(choice.chances()));
        }
        node.putIfAbsent(Chances.MEMBER, node.nullNode());
        return node;
    }

    private void part(Part part, ObjectNode message) {
        if (part instanceof Part.Text text) {
            long from = message.path("content").asString("").length();
            MessageWriter.append(message, "content", text.text());
            cite(text, from, message);
            terms.carry(text.extras(), OpenAiChat.ID, message);
        } else if (part instanceof Part.Reasoning reasoning) {
            reasoning(reasoning, message);
        } else if (part instanceof Part.Declined declined) {
            MessageWriter.append(message, "refusal", declined.text());
        } else if (part instanceof Part.ToolCall call) {
            message.withArray("tool_calls").add(call(call));
        } else if (part instanceof Part.Media media) {
            ObjectNode image = new PartWriter(terms, true).made(media);
            if (image != null) {
                message.withArray(MessageReader.IMAGES).add(image);
            }
        } else if (part instanceof Part.Foreign foreign) {
            foreign(foreign, message);
        } else {
            terms.dropped(part.extras().at());
        }
    }

    private void cite(Part.Text text, long from, ObjectNode message) {
        for (Citation citation : text.citations()) {
            JsonNode annotation =
                    Annotations.write(citation, from, from + text.text().length(), terms);
            if (annotation != null) {
                message.withArray(Annotations.MEMBER).add(annotation);
            }
        }
    }

    private void foreign(Part.Foreign foreign, ObjectNode message) {
        if (MessageWriter.isCall(foreign)) {
            message.withArray("tool_calls").add(foreign.whole().value());
        } else {
            terms.dropped(foreign.whole());
        }
    }

    private void reasoning(Part.Reasoning reasoning, ObjectNode message) {
        String name = MessageWriter.reasoningName(reasoning);
        if (!reasoning.text().isEmpty() && !name.equals(MessageReader.REASONING_DETAILS)) {
            MessageWriter.append(message, name, reasoning.text());
        }
        if (reasoning.proof() != null) {
            proof(reasoning, reasoning.proof(), message);
        }
    }

    private void proof(Part.Reasoning reasoning, Opaque proof, ObjectNode message) {
        if (!proof.isFrom(OpenAiChat.ID)) {
            ArrayNode details = message.withArray(Carriers.DETAILS);
            String seal = Seal.close(proof, terms.providerFamily());
            boolean shown = !reasoning.text().isEmpty();
            details.add(Carriers.detail(reasoning.text(), shown, seal, details.size()));
        } else if (proof.value() instanceof ArrayNode details) {
            message.withArray(Carriers.DETAILS).addAll(details);
        } else {
            terms.dropped(proof);
        }
    }

    private ObjectNode call(Part.ToolCall call) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", call.id()).put("type", "function");
        String arguments = call.arguments().isEmpty() ? "{}" : call.arguments();
        node.putObject("function").put("name", call.name()).put("arguments", arguments);
        if (call.proof() != null) {
            node.set(Carriers.EXTRA_CONTENT, Carriers.extraContent(call.proof(), terms.providerFamily()));
        }
        terms.carry(call.extras(), OpenAiChat.ID, node);
        return node;
    }
}
