package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes whole answers. There is one alternative in this dialect; others are noted as dropped. */
final class ResponseWriter {
    private ResponseWriter() {}

    static ObjectNode write(ChatResponse response, WriteTerms terms) {
        boolean own = response.extras().isFrom(Cohere.ID);
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("id", response.id());
        List<Choice> choices = response.choices();
        if (choices.isEmpty()) {
            body.putObject("message").put("role", "assistant");
            body.put("finish_reason", "COMPLETE");
        } else {
            Choice choice = choices.get(0);
            body.set("message", MessageWriter.answer(choice.parts(), terms, own));
            boolean calls = choice.parts().stream().anyMatch(part -> part instanceof Part.ToolCall);
            boolean declines = choice.parts().stream().anyMatch(part -> part instanceof Part.Declined);
            body.put("finish_reason", FinishWords.write(choice.finish(), own, calls, declines));
            if (!choice.chances().isEmpty()) {
                terms.dropped("response.choices[].logprobs");
            }
            terms.carry(choice.extras(), Cohere.ID, body);
        }
        if (choices.size() > 1) {
            terms.dropped("response.choices[]");
        }
        body.set("usage", UsageFields.write(response.usage() == null ? Usage.NONE : response.usage(), terms));
        terms.carry(response.extras(), Cohere.ID, body);
        return body;
    }
}
