package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.ToolArguments;
import dev.tollgate.dialect.WriteTerms;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes the parts of one answer for a caller. Proofs are shown to it whoever made them: another maker's are sealed. */
final class AnswerPartWriter {
    private final WriteTerms terms;
    private final boolean own;
    private final CallIds ids;

    AnswerPartWriter(WriteTerms terms, boolean own, CallIds ids) {
        this.terms = terms;
        this.own = own;
        this.ids = ids;
    }

    /** A part; null for one that cannot be carried, which is noted, or that says nothing. */
    @Nullable
    ObjectNode part(Part part) {
        if (part instanceof Part.Text text) {
            return own || !text.text().isEmpty() ? text(text.text(), text.extras()) : null;
        }
        if (part instanceof Part.Declined declined) {
            return text(declined.text(), declined.extras());
        }
        if (part instanceof Part.ToolCall call) {
            return call(call);
        }
        if (part instanceof Part.Reasoning reasoning) {
            return thought(reasoning);
        }
        if (part instanceof Part.Media media) {
            return media(media);
        }
        if (part instanceof Part.Foreign foreign
                && foreign.whole().isFrom(Gemini.ID)
                && foreign.whole().value() instanceof ObjectNode whole) {
            return whole;
        }
        terms.dropped(
                part instanceof Part.Foreign foreign
                        ? foreign.whole().at()
                        : part.extras().at());
        return null;
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private ObjectNode text(String text, Extras extras) {
        return finish(node().put("text", text), extras);
    }

    private ObjectNode finish(ObjectNode part, Extras extras) {
        terms.carry(extras, Gemini.ID, part);
        return part;
    }

    private ObjectNode call(Part.ToolCall call) {
        ObjectNode part = node();
        ObjectNode inner = part.putObject("functionCall");
        if (!(ids.isMade(call.id(), call.name(), call.arguments()) && own)) {
            inner.put("id", call.id());
        }
        inner.put("name", call.name());
        if (!call.arguments().isEmpty() || !own) {
            inner.set("args", ToolArguments.of(call, terms, false));
        }
        Signatures.show(call.proof(), part, terms);
        return finish(part, call.extras());
    }

    private @Nullable ObjectNode thought(Part.Reasoning reasoning) {
        if (reasoning.text().isEmpty() && reasoning.proof() == null && !own) {
            return null;
        }
        ObjectNode part = node().put("text", reasoning.text()).put("thought", true);
        Signatures.show(reasoning.proof(), part, terms);
        return finish(part, reasoning.extras());
    }

    @Nullable
    ObjectNode media(Part.Media media) {
        ObjectNode part = node();
        Source source = media.source();
        if (source instanceof Source.Inline inline) {
            part.putObject("inlineData").put("mimeType", inline.mediaType()).put("data", inline.base64());
        } else if (source instanceof Source.Url url) {
            part.putObject("fileData")
                    .put("fileUri", url.url())
                    .put("mimeType", MediaTypes.ofUrl(url.url(), media.kind()));
        } else if (source instanceof Source.FileId file && own) {
            part.putObject("fileData").put("fileUri", file.id());
        } else {
            terms.dropped(media.extras().at());
            return null;
        }
        if (media.name() != null) {
            ((ObjectNode) part.iterator().next()).put("displayName", media.name());
        }
        return finish(part, media.extras());
    }
}
