package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Part.Media;
import dev.tollgate.chat.Part.MediaKind;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.CacheHints;
import dev.tollgate.dialect.ToolArguments;
import dev.tollgate.dialect.ToolIds;
import dev.tollgate.dialect.WriteTerms;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Writes content blocks, in requests and in answers. */
final class BlockWriter {
    private final WriteTerms terms;
    private final boolean own;
    private final boolean proofs;

    BlockWriter(WriteTerms terms, boolean own) {
        this(terms, own, false);
    }

    /** @param proofs whether what tool calls must bring back is written beside them, and so is not lost */
    BlockWriter(WriteTerms terms, boolean own, boolean proofs) {
        this.terms = terms;
        this.own = own;
        this.proofs = proofs;
    }

    /** Content as a string where that says it all, else as a list of blocks. */
    JsonNode content(List<Part> parts) {
        boolean plain = parts.size() == 1
                && parts.get(0) instanceof Part.Text text
                && text.cache() == null
                && (text.citations().isEmpty() || !own)
                && (text.extras().isEmpty() || !own);
        if (plain) {
            Part.Text text = (Part.Text) parts.get(0);
            terms.dropped(text.extras());
            dropForeign(text.citations());
            return StringNode.valueOf(text.text());
        }
        ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
        for (Part part : parts) {
            ObjectNode block = block(part);
            if (block != null) {
                blocks.add(block);
            }
        }
        return blocks;
    }

    /** The block of a part; null for one that cannot be carried, which is noted, or that says nothing. */
    @Nullable
    ObjectNode block(Part part) {
        if (part instanceof Part.Text text) {
            ObjectNode block = text(text.text(), text.cache(), text.extras());
            return block == null ? null : cite(block, text.citations());
        }
        if (part instanceof Part.ToolCall call) {
            return toolUse(call);
        }
        if (part instanceof Part.ToolResult result) {
            return toolResult(result);
        }
        if (part instanceof Part.Reasoning reasoning) {
            return thinking(reasoning);
        }
        if (part instanceof Media media) {
            return media(media);
        }
        if (part instanceof Part.Declined declined) {
            return text(declined.text(), null, declined.extras());
        }
        if (part instanceof Part.Foreign foreign) {
            return given(foreign.whole());
        }
        throw new AssertionError(part);
    }

    private static ObjectNode typed(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    /** A text block. Anthropic refuses blank ones, so another dialect's are left out. */
    private @Nullable ObjectNode text(String text, @Nullable CacheHint cache, Extras extras) {
        if (text.isBlank() && !own) {
            terms.dropped(extras);
            return null;
        }
        return finish(typed("text").put("text", text), cache, extras);
    }

    /** Sources, where the block is shown to a caller or is given back to who named them; Claude takes no others'. */
    private ObjectNode cite(ObjectNode block, List<Citation> citations) {
        if (!proofs) {
            dropForeign(citations);
        }
        for (Citation citation : citations) {
            JsonNode written =
                    proofs || citation.whole().isFrom(Anthropic.ID) ? CitationFields.write(citation, terms) : null;
            if (written != null) {
                block.withArray(CitationFields.MEMBER).add(written);
            }
        }
        return block;
    }

    private void dropForeign(List<Citation> citations) {
        citations.stream()
                .filter(citation -> !citation.whole().isFrom(Anthropic.ID))
                .forEach(citation -> terms.dropped(citation.whole()));
    }

    private ObjectNode finish(ObjectNode block, @Nullable CacheHint cache, Extras extras) {
        CacheHints.write(cache, block);
        terms.carry(extras, Anthropic.ID, block);
        return block;
    }

    private @Nullable ObjectNode given(Opaque whole) {
        if (whole.isFrom(Anthropic.ID) && whole.value() instanceof ObjectNode block) {
            return block;
        }
        terms.dropped(whole);
        return null;
    }

    private ObjectNode toolUse(Part.ToolCall call) {
        ObjectNode block = typed("tool_use").put("id", callId(call.id())).put("name", call.name());
        block.set("input", ToolArguments.of(call, terms, false));
        if (call.proof() != null && !proofs) {
            terms.dropped(call.proof());
        }
        return finish(block, call.cache(), call.extras());
    }

    private String callId(String id) {
        return own ? id : ToolIds.wordsOnly(id);
    }

    private ObjectNode toolResult(Part.ToolResult result) {
        ObjectNode block = typed("tool_result").put("tool_use_id", callId(result.id()));
        if (!result.content().isEmpty()) {
            JsonNode content = content(result.content());
            if (own || !content.isEmpty() || !content.asString("").isEmpty()) {
                block.set("content", content);
            }
        }
        if (result.error()) {
            block.put("is_error", true);
        }
        return finish(block, result.cache(), result.extras());
    }

    /** A thought goes back to Claude only with its signature, which Claude insists on. */
    private @Nullable ObjectNode thinking(Part.Reasoning reasoning) {
        Opaque proof = reasoning.proof();
        if (proof == null) {
            terms.dropped(reasoning.extras().at());
            return null;
        }
        if (!(own ? proof.isFrom(Anthropic.ID) : terms.givesBack(proof, Anthropic.ID))) {
            terms.dropped(proof);
            return null;
        }
        if (proof.value() instanceof ObjectNode redacted) {
            return redacted;
        }
        ObjectNode block = typed("thinking").put("thinking", reasoning.text());
        block.set("signature", proof.value());
        return finish(block, null, reasoning.extras());
    }

    private @Nullable ObjectNode media(Media media) {
        ObjectNode source = media.kind() == MediaKind.AUDIO ? null : source(media);
        if (source == null) {
            terms.dropped(media.extras().path(media.kind().name().toLowerCase(Locale.ROOT)));
            return null;
        }
        boolean document = media.kind() == MediaKind.DOCUMENT;
        ObjectNode block = typed(document ? "document" : "image");
        block.set("source", source);
        if (document && media.name() != null) {
            block.put("title", media.name());
        }
        return finish(block, media.cache(), media.extras());
    }

    private @Nullable ObjectNode source(Media media) {
        Source source = media.source();
        if (source instanceof Source.Inline inline) {
            boolean text =
                    media.kind() == MediaKind.DOCUMENT && inline.mediaType().startsWith("text/");
            return text && !own ? decoded(inline) : base64(inline);
        }
        if (source instanceof Source.Url url) {
            return typed("url").put("url", url.url());
        }
        if (source instanceof Source.PlainText plain) {
            return plain(plain.text());
        }
        if (source instanceof Source.FileId file) {
            return own ? typed("file").put("file_id", file.id()) : null;
        }
        throw new AssertionError(source);
    }

    private static ObjectNode base64(Source.Inline inline) {
        return typed("base64").put("media_type", inline.mediaType()).put("data", inline.base64());
    }

    private static ObjectNode plain(String text) {
        return typed("text").put("media_type", "text/plain").put("data", text);
    }

    /** Anthropic takes PDFs as bytes, but text documents only as text. */
    private static ObjectNode decoded(Source.Inline inline) {
        try {
            return plain(new String(Base64.getDecoder().decode(inline.base64()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return base64(inline);
        }
    }
}
