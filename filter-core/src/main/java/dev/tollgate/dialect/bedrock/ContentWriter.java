package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Part.Media;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Seal;
import dev.tollgate.dialect.ToolArguments;
import dev.tollgate.dialect.ToolIds;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes content blocks, in requests and in answers. */
final class ContentWriter {
    private static final int LONGEST_ID = 64;

    private final WriteTerms terms;
    private final boolean own;
    private final ModelFamily family;
    private final MediaWriter media;
    private final boolean answers;

    /** A writer for a request to a model of this family. */
    ContentWriter(WriteTerms terms, boolean own, ModelFamily family) {
        this(terms, own, family, false);
    }

    /** A writer for an answer. */
    static ContentWriter ofAnswer(WriteTerms terms, boolean own) {
        return new ContentWriter(terms, own, ModelFamily.UNKNOWN, true);
    }

    private ContentWriter(WriteTerms terms, boolean own, ModelFamily family, boolean answers) {
        this.terms = terms;
        this.own = own;
        this.family = family;
        this.answers = answers;
        this.media = new MediaWriter(terms, own);
    }

    /** Adds the blocks of a part: its own, if it can be carried and says something, and the cache point after it. */
    void add(Part part, ArrayNode blocks) {
        ObjectNode block = block(part);
        if (block != null) {
            blocks.add(block);
        }
        CacheHint hint = CachePoints.of(part);
        if (hint != null) {
            cachePoint(hint, part.extras(), block != null, blocks);
        }
    }

    /** Adds a cache point, or notes that this model takes none. */
    void cachePoint(CacheHint hint, Extras extras, boolean follows, ArrayNode blocks) {
        if (!own && (!family.caches() || !follows)) {
            terms.dropped(extras, Asked.CACHE);
            return;
        }
        boolean plain = own || hint.ttl() == null || (hint.ttl().equals("1h") && family != ModelFamily.NOVA);
        if (!plain && !"5m".equals(hint.ttl())) {
            terms.dropped(extras.path("cache_control.ttl"));
        }
        blocks.add(CachePoints.block(plain ? hint.ttl() : null));
    }

    /** The block of a part; null for one that cannot be carried, which is noted, or that says nothing. */
    @Nullable
    ObjectNode block(Part part) {
        if (part instanceof Part.Text text) {
            return text(text);
        }
        if (part instanceof Part.ToolCall call) {
            return toolUse(call);
        }
        if (part instanceof Part.ToolResult result) {
            return toolResult(result);
        }
        if (part instanceof Part.Reasoning reasoning) {
            return reasoning(reasoning);
        }
        if (part instanceof Media given) {
            return media.block(given);
        }
        if (part instanceof Part.Declined declined) {
            return text(new Part.Text(declined.text(), null, declined.extras()));
        }
        if (part instanceof Part.Foreign foreign) {
            return given(foreign.whole());
        }
        throw new AssertionError(part);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private ObjectNode finish(ObjectNode block, Extras extras) {
        terms.carry(extras, Bedrock.ID, block);
        return block;
    }

    /** A text, bare or in the form it came in. Bedrock refuses blank ones, so another dialect's are left out. */
    private @Nullable ObjectNode text(Part.Text text) {
        Extras extras = text.extras();
        boolean fromHere = extras.isFrom(Bedrock.ID);
        if (text.text().isBlank() && !own) {
            terms.dropped(extras);
            return null;
        }
        ObjectNode block = object();
        if (fromHere && extras.fields().containsKey(ContentReader.JSON)) {
            block.set("json", Json.read(text.text()));
        } else if (fromHere && extras.fields().containsKey(ContentReader.GUARD)) {
            block.putObject(ContentReader.GUARD).putObject("text").put("text", text.text());
        } else if (!text.citations().isEmpty() && (own || answers)) {
            cited(text, block.putObject("citationsContent"));
        } else {
            block.put("text", text.text());
            text.citations().forEach(citation -> terms.dropped(citation.whole()));
        }
        return finish(block, extras);
    }

    private void cited(Part.Text text, ObjectNode content) {
        content.putArray("content").addObject().put("text", text.text());
        ArrayNode citations = content.putArray("citations");
        text.citations().forEach(citation -> citations.add(CitationFields.write(citation, terms)));
    }

    private @Nullable ObjectNode given(Opaque whole) {
        if (whole.isFrom(Bedrock.ID) && whole.value() instanceof ObjectNode block) {
            return block;
        }
        terms.dropped(whole);
        return null;
    }

    private ObjectNode toolUse(Part.ToolCall call) {
        ObjectNode block = object();
        ObjectNode use =
                block.putObject("toolUse").put("toolUseId", callId(call.id())).put("name", call.name());
        use.set("input", ToolArguments.of(call, terms, own));
        if (call.proof() != null) {
            terms.dropped(call.proof());
        }
        return finish(block, call.extras());
    }

    private String callId(String id) {
        return own ? id : fittingId(id);
    }

    static String fittingId(String id) {
        return ToolIds.within(ToolIds.wordsOnly(id), LONGEST_ID);
    }

    private ObjectNode toolResult(Part.ToolResult result) {
        ObjectNode block = object();
        ObjectNode node = block.putObject("toolResult").put("toolUseId", callId(result.id()));
        ArrayNode content = node.putArray("content");
        result.content().forEach(part -> told(part, content));
        if (result.error() && (own || family.knowsToolErrors())) {
            node.put("status", "error");
        } else if (result.error()) {
            terms.dropped(result.extras(), Asked.IS_ERROR);
        }
        return finish(block, result.extras());
    }

    /** A piece of what a tool told, in which there are no cache points. */
    private void told(Part part, ArrayNode content) {
        ObjectNode block = block(part);
        if (block != null) {
            content.add(block);
        }
        if (CachePoints.of(part) != null) {
            terms.dropped(part.extras(), Asked.CACHE);
        }
    }

    private @Nullable ObjectNode reasoning(Part.Reasoning reasoning) {
        Opaque proof = reasoning.proof();
        boolean ours = answers
                ? proof != null && proof.isFrom(Bedrock.ID)
                : proof != null && terms.givesBack(proof, Bedrock.ID);
        if (ours && proof != null && proof.value() instanceof ObjectNode redacted) {
            ObjectNode block = object();
            block.set("reasoningContent", redacted);
            return block;
        }
        if (proof != null && !ours && !answers) {
            terms.dropped(proof);
            return null;
        }
        return answers || proof != null || own ? thought(reasoning, proof) : unproven(reasoning);
    }

    /** Claude insists on its signature, without which a thought is none; other models' have none. */
    private @Nullable ObjectNode unproven(Part.Reasoning reasoning) {
        if (family == ModelFamily.CLAUDE
                || family == ModelFamily.UNKNOWN
                || reasoning.text().isBlank()) {
            terms.dropped(reasoning.extras().at());
            return null;
        }
        return thought(reasoning, null);
    }

    private @Nullable ObjectNode thought(Part.Reasoning reasoning, @Nullable Opaque proof) {
        if (reasoning.text().isEmpty() && proof == null && !own) {
            return null;
        }
        ObjectNode block = object();
        ObjectNode text =
                block.putObject("reasoningContent").putObject("reasoningText").put("text", reasoning.text());
        if (proof != null) {
            text.put("signature", signature(proof, terms));
        }
        return finish(block, reasoning.extras());
    }

    /** A proof as the text that a caller gives back: Bedrock's signature as it is, any other sealed. */
    static String signature(Opaque proof, WriteTerms terms) {
        boolean plain = proof.isFrom(Bedrock.ID) && proof.value().isString();
        return plain ? proof.value().stringValue() : Seal.close(proof, terms.providerFamily());
    }

    /** Blocks of parts, in their order. */
    ArrayNode blocks(List<Part> parts) {
        ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
        parts.forEach(part -> add(part, blocks));
        return blocks;
    }
}
