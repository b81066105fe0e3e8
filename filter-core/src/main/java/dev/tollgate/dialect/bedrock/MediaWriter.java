package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Part.Media;
import dev.tollgate.chat.Part.MediaKind;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.WriteTerms;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes images, documents and sounds. Bedrock takes their bytes, or their place in S3; it fetches nothing else. */
final class MediaWriter {
    private static final String S3 = "s3://";

    private final WriteTerms terms;
    private final boolean own;
    private final DocumentNames names = new DocumentNames();

    MediaWriter(WriteTerms terms, boolean own) {
        this.terms = terms;
        this.own = own;
    }

    /** The block; null where there is no place for it, which is noted. */
    @Nullable
    ObjectNode block(Media media) {
        ObjectNode block = JsonNodeFactory.instance.objectNode();
        boolean guarded =
                media.extras().isFrom(Bedrock.ID) && media.extras().fields().containsKey(ContentReader.GUARD);
        ObjectNode holder = guarded ? block.putObject(ContentReader.GUARD) : block;
        ObjectNode node = holder.putObject(media.kind().name().toLowerCase(Locale.ROOT));
        String format = format(media);
        if (!source(media, format, node)) {
            terms.dropped(media.extras().path(media.kind().name().toLowerCase(Locale.ROOT)));
            return null;
        }
        if (format != null && !node.has("format")) {
            node.put("format", format);
        }
        if (media.kind() == MediaKind.DOCUMENT) {
            name(media, format, node);
        }
        terms.carry(media.extras(), Bedrock.ID, block);
        return block;
    }

    private static @Nullable String format(Media media) {
        if (media.source() instanceof Source.Inline inline) {
            return Formats.format(media.kind(), inline.mediaType());
        }
        return media.source() instanceof Source.Url url ? Formats.ofName(media.kind(), url.url()) : null;
    }

    private boolean source(Media media, @Nullable String format, ObjectNode node) {
        Source source = media.source();
        if (source instanceof Source.Inline inline && format != null) {
            node.putObject("source").put("bytes", inline.base64());
            return true;
        }
        if (source instanceof Source.PlainText plain) {
            text(media, plain, node);
            return true;
        }
        if (source instanceof Source.Url url && url.url().startsWith(S3) && format != null) {
            node.putObject("source").putObject("s3Location").put("uri", url.url());
            return true;
        }
        if (source instanceof Source.FileId file && own) {
            node.putObject("source").putObject("s3Location").put("uri", file.id());
            return true;
        }
        return false;
    }

    /** Text as a document: as bytes, which every model takes, unless it came as text. */
    private void text(Media media, Source.PlainText plain, ObjectNode node) {
        ObjectNode source = node.putObject("source");
        if (!own) {
            byte[] bytes = plain.text().getBytes(StandardCharsets.UTF_8);
            source.put("bytes", Base64.getEncoder().encodeToString(bytes));
            node.put("format", "txt");
        } else if (!media.extras().fields().containsKey("document.source.content")) {
            source.put("text", plain.text());
        }
    }

    private void name(Media media, @Nullable String format, ObjectNode node) {
        if (!own) {
            node.put("name", names.unlike(media.name(), format == null ? "txt" : format));
        } else if (media.name() != null) {
            node.put("name", media.name());
        }
    }
}
