package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Part.Media;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.CacheHints;
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

/** Writes the parts of a message's content. */
final class PartWriter {
    private final WriteTerms terms;
    private final boolean own;
    private final boolean hints;

    PartWriter(WriteTerms terms, boolean own) {
        this.terms = terms;
        this.own = own;
        this.hints = own || takesCacheHints(terms);
    }

    static boolean takesCacheHints(WriteTerms terms) {
        return terms.quirks().cacheHints();
    }

    /** Content as a string where that says it all, else as a list of parts. */
    JsonNode content(List<Part> parts) {
        boolean text = parts.stream()
                .allMatch(part -> part instanceof Part.Text each && (own || !hints || each.cache() == null));
        if (own ? text && parts.size() == 1 && isPlain((Part.Text) parts.get(0)) : text) {
            return StringNode.valueOf(joined(parts));
        }
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        for (Part part : parts) {
            ObjectNode node = part(part);
            if (node != null) {
                content.add(node);
            }
        }
        return content;
    }

    private static boolean isPlain(Part.Text text) {
        return text.cache() == null && text.extras().isEmpty();
    }

    /** Several texts in one: a blank line keeps apart what were separate blocks. */
    private String joined(List<Part> parts) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            Part.Text each = (Part.Text) part;
            dropCache(each.cache(), each.extras());
            dropCitations(each);
            if (!own) {
                terms.dropped(each.extras());
            }
            text.append(text.isEmpty() || each.text().isEmpty() ? "" : "\n\n").append(each.text());
        }
        return text.toString();
    }

    private @Nullable ObjectNode part(Part part) {
        if (part instanceof Part.Text text) {
            dropCitations(text);
            return finish(typed("text").put("text", text.text()), text.cache(), text.extras());
        }
        if (part instanceof Media media) {
            ObjectNode node = media(media);
            if (node == null) {
                terms.dropped(media.extras().path(media.kind().name().toLowerCase(Locale.ROOT)));
            }
            return node == null ? null : finish(node, media.cache(), media.extras());
        }
        if (part instanceof Part.Foreign foreign) {
            if (foreign.whole().isFrom(OpenAiChat.ID)) {
                return (ObjectNode) foreign.whole().value();
            }
            terms.dropped(foreign.whole());
            return null;
        }
        terms.dropped(part.extras().path(part.getClass().getSimpleName().toLowerCase(Locale.ROOT)));
        return null;
    }

    private ObjectNode finish(ObjectNode node, @Nullable CacheHint cache, Extras extras) {
        if (hints) {
            CacheHints.write(cache, node);
        }
        dropCache(cache, extras);
        terms.carry(extras, OpenAiChat.ID, node);
        return node;
    }

    /** Reports a cache hint: OpenAI caches by itself, and a hint is no field of its. */
    void dropCache(@Nullable CacheHint cache, Extras extras) {
        if (cache != null && !hints) {
            terms.dropped(extras, Asked.CACHE);
        }
    }

    /** The sources of what the model said earlier; a request has no place for them. */
    private void dropCitations(Part.Text text) {
        if (!own && !text.citations().isEmpty()) {
            terms.dropped(text.citations().get(0).whole());
        }
    }

    private static ObjectNode typed(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private @Nullable ObjectNode media(Media media) {
        switch (media.kind()) {
            case IMAGE -> {
                return image(media.source());
            }
            case AUDIO -> {
                return audio(media.source());
            }
            default -> {
                return document(media);
            }
        }
    }

    /** An image that a model made; null for what is no image. */
    @Nullable
    ObjectNode made(Media media) {
        ObjectNode node = media.kind() == Part.MediaKind.IMAGE ? image(media.source()) : null;
        if (node == null) {
            terms.dropped(media.extras().at());
        } else {
            terms.carry(media.extras(), OpenAiChat.ID, node);
        }
        return node;
    }

    private static @Nullable ObjectNode image(Source source) {
        String url = null;
        if (source instanceof Source.Inline inline) {
            url = DataUrl.write(inline);
        } else if (source instanceof Source.Url remote) {
            url = remote.url();
        }
        if (url == null) {
            return null;
        }
        ObjectNode node = typed("image_url");
        node.putObject("image_url").put("url", url);
        return node;
    }

    private static @Nullable ObjectNode audio(Source source) {
        if (!(source instanceof Source.Inline inline) || !inline.mediaType().startsWith(PartReader.AUDIO)) {
            return null;
        }
        ObjectNode node = typed("input_audio");
        String format = inline.mediaType().substring(PartReader.AUDIO.length());
        node.putObject("input_audio").put("data", inline.base64()).put("format", format);
        return node;
    }

    private @Nullable ObjectNode document(Media media) {
        if (media.source() instanceof Source.PlainText plain) {
            if (media.name() != null) {
                terms.dropped(media.extras(), Asked.TITLE);
            }
            return typed("text").put("text", plain.text());
        }
        ObjectNode node = typed("file");
        ObjectNode file = node.putObject("file");
        if (media.name() != null) {
            file.put("filename", media.name());
        }
        if (media.source() instanceof Source.Inline inline) {
            // OpenAI wants a name with the bytes.
            if (media.name() == null && !own) {
                file.put("filename", inline.mediaType().equals("application/pdf") ? "document.pdf" : "document");
            }
            file.put("file_data", DataUrl.write(inline));
            return node;
        }
        if (media.source() instanceof Source.Url url && hints) {
            file.put("file_data", url.url());
            return node;
        }
        if (media.source() instanceof Source.FileId id && own) {
            file.put("file_id", id.id());
            return node;
        }
        return null;
    }
}
