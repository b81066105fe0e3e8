package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Part.Media;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.DataUrl;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Writes the content of a message of a request and the output of a tool. */
final class ContentWriter {
    private final WriteTerms terms;
    private final boolean own;

    ContentWriter(WriteTerms terms, boolean own) {
        this.terms = terms;
        this.own = own;
    }

    /**
     * Content as a string where that says it all, else as a list of parts.
     *
     * @param spoken whether the model said it
     */
    JsonNode content(List<Part> parts, boolean spoken) {
        if (parts.size() == 1 && parts.get(0) instanceof Part.Text text && isPlain(text)) {
            dropCache(text.cache(), text.extras());
            terms.dropped(text.extras());
            return StringNode.valueOf(text.text());
        }
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        for (Part part : parts) {
            ObjectNode node = part(part, spoken);
            if (node != null) {
                content.add(node);
            }
        }
        return content;
    }

    private boolean isPlain(Part.Text text) {
        return text.citations().isEmpty() && (text.extras().isEmpty() || !own);
    }

    private @Nullable ObjectNode part(Part part, boolean spoken) {
        if (part instanceof Part.Text text) {
            ObjectNode node = typed(spoken ? "output_text" : "input_text").put("text", text.text());
            if (!text.citations().isEmpty()) {
                node.set(
                        "annotations",
                        Annotations.write(text.citations(), text.text().length(), terms));
            }
            return finish(node, text.cache(), text.extras());
        }
        if (part instanceof Part.Declined declined) {
            ObjectNode node = spoken
                    ? typed("refusal").put("refusal", declined.text())
                    : typed("input_text").put("text", declined.text());
            return finish(node, null, declined.extras());
        }
        if (part instanceof Media media) {
            ObjectNode node = spoken && !own ? null : media(media);
            if (node == null) {
                terms.dropped(media.extras().path(media.kind().name().toLowerCase(Locale.ROOT)));
            }
            return node == null ? null : finish(node, media.cache(), media.extras());
        }
        if (part instanceof Part.Foreign foreign) {
            return foreign(foreign);
        }
        terms.dropped(part.extras().path(part.getClass().getSimpleName().toLowerCase(Locale.ROOT)));
        return null;
    }

    private @Nullable ObjectNode foreign(Part.Foreign foreign) {
        if (foreign.whole().isFrom(OpenAiResponses.ID) && foreign.whole().value() instanceof ObjectNode node) {
            return node;
        }
        terms.dropped(foreign.whole());
        return null;
    }

    private ObjectNode finish(ObjectNode node, @Nullable CacheHint cache, Extras extras) {
        dropCache(cache, extras);
        terms.carry(extras, OpenAiResponses.ID, node);
        return node;
    }

    /** Reports a cache hint: OpenAI caches by itself, and a hint is no field of its. */
    void dropCache(@Nullable CacheHint cache, Extras extras) {
        if (cache != null) {
            terms.dropped(extras, Asked.CACHE);
        }
    }

    private static ObjectNode typed(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private @Nullable ObjectNode media(Media media) {
        return switch (media.kind()) {
            case IMAGE -> image(media.source());
            case AUDIO -> audio(media.source());
            case DOCUMENT -> document(media);
        };
    }

    private @Nullable ObjectNode image(Source source) {
        ObjectNode node = typed("input_image");
        if (source instanceof Source.Inline inline) {
            return node.put("image_url", DataUrl.write(inline));
        }
        if (source instanceof Source.Url remote) {
            return node.put("image_url", remote.url());
        }
        return source instanceof Source.FileId id && own ? node.put("file_id", id.id()) : null;
    }

    private static @Nullable ObjectNode audio(Source source) {
        if (!(source instanceof Source.Inline inline) || !inline.mediaType().startsWith(ContentReader.AUDIO)) {
            return null;
        }
        ObjectNode node = typed("input_audio");
        String format = inline.mediaType().substring(ContentReader.AUDIO.length());
        node.putObject("input_audio").put("data", inline.base64()).put("format", format);
        return node;
    }

    private @Nullable ObjectNode document(Media media) {
        if (media.source() instanceof Source.PlainText plain) {
            if (media.name() != null) {
                terms.dropped(media.extras(), Asked.TITLE);
            }
            return typed("input_text").put("text", plain.text());
        }
        ObjectNode node = typed("input_file");
        if (media.name() != null) {
            node.put("filename", media.name());
        }
        if (media.source() instanceof Source.Inline inline) {
            // OpenAI wants a name with the bytes.
            if (media.name() == null && !own) {
                node.put("filename", inline.mediaType().equals("application/pdf") ? "document.pdf" : "document");
            }
            return node.put("file_data", DataUrl.write(inline));
        }
        if (media.source() instanceof Source.Url remote) {
            return node.put("file_url", remote.url());
        }
        return media.source() instanceof Source.FileId id && own ? node.put("file_id", id.id()) : null;
    }
}
