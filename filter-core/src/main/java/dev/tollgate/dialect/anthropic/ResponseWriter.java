package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Seal;
import dev.tollgate.dialect.ToolIds;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes whole answers. There is one alternative in this dialect; others are noted as dropped. */
final class ResponseWriter {
    private final WriteTerms terms;
    private final BlockWriter blocks;
    private final boolean own;

    private ResponseWriter(WriteTerms terms, boolean own) {
        this.terms = terms;
        this.blocks = new BlockWriter(terms, own, true);
        this.own = own;
    }

    static ObjectNode write(ChatResponse response, WriteTerms terms) {
        return new ResponseWriter(terms, response.extras().isFrom(Anthropic.ID)).write(response);
    }

    private ObjectNode write(ChatResponse response) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", response.id()).put("type", "message").put("role", "assistant");
        body.put("model", response.model());
        ArrayNode content = body.putArray("content");
        List<Choice> choices = response.choices();
        if (choices.isEmpty()) {
            body.put("stop_reason", "end_turn").putNull("stop_sequence");
        } else {
            choice(choices.get(0), content, body);
        }
        if (choices.size() > 1) {
            terms.dropped("response.choices[]");
        }
        body.set("usage", UsageFields.write(response.usage() == null ? Usage.NONE : response.usage(), terms));
        terms.carry(response.extras(), Anthropic.ID, body);
        return body;
    }

    private void choice(Choice choice, ArrayNode content, ObjectNode body) {
        boolean calls = false;
        boolean declines = false;
        for (Part part : choice.parts()) {
            if (part instanceof Part.ToolCall call && call.proof() != null) {
                content.add(CallProofs.block(call.proof(), terms.providerFamily(), ToolIds.wordsOnly(call.id())));
            }
            ObjectNode block = part instanceof Part.Reasoning reasoning ? thought(reasoning) : blocks.block(part);
            if (block != null) {
                content.add(block);
            }
            calls |= part instanceof Part.ToolCall;
            declines |= part instanceof Part.Declined;
        }
        FinishReason finish = choice.finish();
        body.put("stop_reason", StopWords.write(finish, own, calls, declines));
        body.put("stop_sequence", sequence(finish));
        if (!choice.chances().isEmpty()) {
            terms.dropped("response.choices[].logprobs");
        }
        terms.carry(choice.extras(), Anthropic.ID, body);
    }

    static @Nullable String sequence(FinishReason finish) {
        return finish.stopSequence().isEmpty() ? null : finish.stopSequence();
    }

    /**
     * A thought as callers are shown it: another maker's proof is sealed, so that it comes back; one without a proof has an
     * empty signature, which tells that nobody wants it back.
     */
    private @Nullable ObjectNode thought(Part.Reasoning reasoning) {
        Opaque proof = reasoning.proof();
        if (proof != null && proof.isFrom(Anthropic.ID)) {
            return blocks.block(reasoning);
        }
        terms.dropped(reasoning.extras());
        String seal = proof == null ? "" : Seal.close(proof, terms.providerFamily());
        if (reasoning.text().isEmpty()) {
            return seal.isEmpty() ? null : redacted(seal);
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "thinking")
                .put("thinking", reasoning.text())
                .put("signature", seal);
    }

    /** A thought that is not shown. */
    static ObjectNode redacted(String seal) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "redacted_thinking")
                .put("data", seal);
    }
}
