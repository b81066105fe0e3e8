package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes whole answers. There is one alternative in this dialect; others are noted as dropped. */
final class ResponseWriter {
    private final WriteTerms terms;
    private final boolean own;

    private ResponseWriter(WriteTerms terms, boolean own) {
        this.terms = terms;
        this.own = own;
    }

    static ObjectNode write(ChatResponse response, WriteTerms terms) {
        return new ResponseWriter(terms, response.extras().isFrom(Bedrock.ID)).write(response);
    }

    private ObjectNode write(ChatResponse response) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode message = body.putObject("output").putObject("message").put("role", "assistant");
        ArrayNode content = message.putArray("content");
        List<Choice> choices = response.choices();
        if (choices.isEmpty()) {
            body.put("stopReason", "end_turn");
        } else {
            choice(choices.get(0), content, body);
        }
        if (choices.size() > 1) {
            terms.dropped("response.choices[]");
        }
        body.set("usage", UsageFields.write(response.usage() == null ? Usage.NONE : response.usage(), terms));
        terms.carry(response.extras(), Bedrock.ID, body);
        if (!body.has("metrics")) {
            // Readers of this dialect count on the member; nothing is known of the provider's own time.
            body.putObject("metrics").put("latencyMs", 0);
        }
        return body;
    }

    private void choice(Choice choice, ArrayNode content, ObjectNode body) {
        ContentWriter writer = ContentWriter.ofAnswer(terms, own);
        boolean calls = false;
        boolean declines = false;
        for (Part part : choice.parts()) {
            writer.add(part, content);
            calls |= part instanceof Part.ToolCall;
            declines |= part instanceof Part.Declined;
        }
        FinishReason finish = choice.finish();
        body.put("stopReason", StopWords.write(finish, own, calls, declines));
        if (!own) {
            sequence(finish, body);
        }
        if (!choice.chances().isEmpty()) {
            terms.dropped("response.choices[].logprobs");
        }
        terms.carry(choice.extras(), Bedrock.ID, body);
    }

    /** The stop sequence met, where Claude's own field for it would stand. */
    static void sequence(FinishReason finish, ObjectNode into) {
        if (!finish.stopSequence().isEmpty()) {
            into.putObject("additionalModelResponseFields").put("stop_sequence", finish.stopSequence());
        }
    }
}
