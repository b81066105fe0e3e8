package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Part.Media;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.ToolArguments;
import dev.tollgate.dialect.WriteTerms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes the parts of one conversation's messages. */
final class PartWriter {
    private final WriteTerms terms;
    private final boolean own;
    private final Generation generation;
    private final CallIds ids = new CallIds();
    private final Set<String> unsaid = new HashSet<>();

    PartWriter(WriteTerms terms, boolean own, Generation generation) {
        this.terms = terms;
        this.own = own;
        this.generation = generation;
    }

    void write(List<Part> parts, ArrayNode out) {
        List<Media> shown = new ArrayList<>();
        for (Part part : parts) {
            ObjectNode node = part instanceof Part.ToolResult result ? result(result, shown) : part(part);
            if (node != null) {
                out.add(node);
            }
        }
        for (Media media : shown) {
            ObjectNode node = media(media);
            if (node != null) {
                out.add(node);
            }
        }
    }

    /** A part; null for one that cannot be carried, which is noted, or that says nothing. */
    private @Nullable ObjectNode part(Part part) {
        if (part instanceof Part.Text text) {
            return text(text.text(), text.cache(), text.extras());
        }
        if (part instanceof Part.Declined declined) {
            return text(declined.text(), null, declined.extras());
        }
        if (part instanceof Part.ToolCall call) {
            return call(call);
        }
        if (part instanceof Part.Reasoning reasoning) {
            return thought(reasoning);
        }
        if (part instanceof Media media) {
            return media(media);
        }
        if (part instanceof Part.Foreign foreign) {
            if (foreign.whole().isFrom(Gemini.ID) && foreign.whole().value() instanceof ObjectNode whole) {
                return whole;
            }
            terms.dropped(foreign.whole());
            return null;
        }
        throw new AssertionError(part);
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Google refuses texts that are empty, so another dialect's are left out. */
    private @Nullable ObjectNode text(String text, @Nullable CacheHint cache, Extras extras) {
        if (text.isEmpty() && !own) {
            terms.dropped(extras);
            return null;
        }
        return finish(node().put("text", text), cache, extras);
    }

    private ObjectNode finish(ObjectNode part, @Nullable CacheHint cache, Extras extras) {
        if (cache != null) {
            terms.dropped(extras, Asked.CACHE);
        }
        terms.carry(extras, Gemini.ID, part);
        return part;
    }

    private ObjectNode call(Part.ToolCall call) {
        ObjectNode part = node();
        ObjectNode inner = part.putObject("functionCall");
        if (ids.isMade(call.id(), call.name(), call.arguments()) && own) {
            unsaid.add(call.id());
        } else {
            inner.put("id", call.id());
        }
        inner.put("name", call.name());
        if (!call.arguments().isEmpty() || !own) {
            inner.set("args", ToolArguments.of(call, terms, false));
        }
        Signatures.giveBack(call.proof(), part, own, terms);
        return finish(part, call.cache(), call.extras());
    }

    /** @param shown gets what the result shows that this model does not look at in a result */
    private ObjectNode result(Part.ToolResult result, List<Media> shown) {
        ObjectNode part = node();
        ObjectNode inner = part.putObject("functionResponse");
        boolean left = result.extras().fields().containsKey("functionResponse.id");
        if (!unsaid.contains(result.id()) && !(own && left)) {
            inner.put("id", result.id());
        }
        String name = ids.nameOf(result.id()).orElse("tool");
        if (!own || !result.extras().fields().containsKey("functionResponse.name")) {
            inner.put("name", name);
        }
        ArrayNode pictures = JsonNodeFactory.instance.arrayNode();
        ToolAnswer answer = content(result, pictures, shown);
        inner.set("response", answer.write(name));
        if (!pictures.isEmpty()) {
            inner.set("parts", pictures);
        }
        return finish(part, result.cache(), result.extras());
    }

    private ToolAnswer content(Part.ToolResult result, ArrayNode pictures, List<Media> shown) {
        StringBuilder text = new StringBuilder();
        String form = null;
        for (Part each : result.content()) {
            if (each instanceof Media media) {
                see(media, pictures, shown);
            } else if (each instanceof Part.Text said) {
                text.append(text.isEmpty() || said.text().isEmpty() ? "" : "\n\n")
                        .append(said.text());
                form = form(said);
                finish(node(), said.cache(), own ? Extras.NONE : said.extras());
            } else {
                part(each);
                terms.dropped(each.extras().at());
            }
        }
        if (own) {
            return new ToolAnswer(text.toString(), form == null ? "" : form, result.error());
        }
        return ToolAnswer.of(text.toString(), result.error());
    }

    /** How this dialect had wrapped a text, which its place says. */
    private static String form(Part.Text said) {
        String at = said.extras().at();
        int response = at.lastIndexOf(".response");
        return response < 0 ? ".output" : at.substring(response + ".response".length());
    }

    private void see(Media media, ArrayNode pictures, List<Media> shown) {
        boolean here = own || (generation.seesResults() && media.source() instanceof Source.Inline);
        ObjectNode node = here ? media(media) : null;
        if (node != null) {
            pictures.add(node);
        } else if (!here) {
            shown.add(media);
        }
    }

    /** A thought goes back to Gemini only with its signature. */
    private @Nullable ObjectNode thought(Part.Reasoning reasoning) {
        ObjectNode part = node().put("text", reasoning.text()).put("thought", true);
        boolean given = Signatures.giveBack(reasoning.proof(), part, own, terms);
        if (!given && !own) {
            if (reasoning.proof() == null) {
                terms.dropped(reasoning.extras().at());
            }
            return null;
        }
        return finish(part, null, reasoning.extras());
    }

    private @Nullable ObjectNode media(Media media) {
        ObjectNode part = source(media);
        if (part == null) {
            terms.dropped(media.extras().path(media.kind().name().toLowerCase(Locale.ROOT)));
            return null;
        }
        if (media.name() != null && own) {
            ((ObjectNode) part.iterator().next()).put("displayName", media.name());
        }
        return finish(part, media.cache(), media.extras());
    }

    private @Nullable ObjectNode source(Media media) {
        Source source = media.source();
        if (source instanceof Source.Inline inline) {
            return inline(inline.mediaType(), inline.base64());
        }
        if (source instanceof Source.PlainText plain) {
            byte[] text = plain.text().getBytes(StandardCharsets.UTF_8);
            return inline("text/plain", Base64.getEncoder().encodeToString(text));
        }
        ObjectNode part = node();
        ObjectNode file = part.putObject("fileData");
        if (source instanceof Source.Url url) {
            boolean told =
                    media.extras().isFrom(Gemini.ID) && media.extras().fields().containsKey("fileData.mimeType");
            file.put("fileUri", url.url());
            return told ? part : typed(part, file, MediaTypes.ofUrl(url.url(), media.kind()));
        }
        if (source instanceof Source.FileId id) {
            file.put("fileUri", id.id());
            return own || isGoogles(id.id()) ? part : null;
        }
        throw new AssertionError(source);
    }

    private static ObjectNode typed(ObjectNode part, ObjectNode file, String mediaType) {
        file.put("mimeType", mediaType);
        return part;
    }

    /** Whether a file is in one of Google's stores, whatever dialect named it. */
    private static boolean isGoogles(String id) {
        return id.startsWith("gs://") || id.startsWith("https://generativelanguage.googleapis.com/");
    }

    private static ObjectNode inline(String mediaType, String base64) {
        ObjectNode part = node();
        part.putObject("inlineData").put("mimeType", mediaType).put("data", base64);
        return part;
    }
}
