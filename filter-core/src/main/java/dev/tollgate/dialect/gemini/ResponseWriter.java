package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Part;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes whole answers. */
final class ResponseWriter {
    private final WriteTerms terms;
    private final boolean own;

    private ResponseWriter(WriteTerms terms, boolean own) {
        this.terms = terms;
        this.own = own;
    }

    static ObjectNode write(ChatResponse response, WriteTerms terms) {
        return new ResponseWriter(terms, response.extras().isFrom(Gemini.ID)).write(response);
    }

    private ObjectNode write(ChatResponse response) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        List<Choice> choices = response.choices();
        if (!(own && isBlocked(choices))) {
            ArrayNode candidates = body.putArray("candidates");
            choices.forEach(choice -> candidates.add(candidate(choice, response.id())));
        }
        if (response.usage() != null) {
            body.set("usageMetadata", UsageFields.write(response.usage(), terms));
        }
        body.put("modelVersion", response.model()).put("responseId", response.id());
        terms.carry(response.extras(), Gemini.ID, body);
        return body;
    }

    private static boolean isBlocked(List<Choice> choices) {
        return choices.size() == 1 && choices.get(0).extras().at().equals(ResponseReader.BLOCKED);
    }

    private ObjectNode candidate(Choice choice, String id) {
        ObjectNode candidate = JsonNodeFactory.instance.objectNode();
        AnswerPartWriter writer = new AnswerPartWriter(terms, own, new CallIds(id + '/' + choice.index()));
        Map<Integer, List<Citation>> citations = new TreeMap<>();
        Map<Integer, String> texts = new TreeMap<>();
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        for (Part part : choice.parts()) {
            if (part instanceof Part.Text text) {
                citations.put(parts.size(), text.citations());
                texts.put(parts.size(), text.text());
            }
            ObjectNode node = writer.part(part);
            if (node != null) {
                parts.add(node);
            }
        }
        ObjectNode content = candidate.putObject("content");
        content.set("parts", parts);
        if (own) {
            if (!choice.finish().raw().isEmpty()) {
                candidate.put("finishReason", choice.finish().raw());
            }
        } else {
            content.put("role", "model");
            boolean declines = choice.parts().stream().anyMatch(Part.Declined.class::isInstance);
            candidate.put("finishReason", FinishWords.write(choice.finish(), false, declines));
            candidate.put("index", choice.index());
            Grounding.write(citations, texts, candidate);
            LogProbs.write(choice.chances(), candidate);
        }
        terms.carry(choice.extras(), Gemini.ID, candidate);
        return candidate;
    }
}
