package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.CacheHint;
import dev.tollgate.chat.Part.MediaKind;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.CacheHints;
import dev.tollgate.dialect.DataUrl;
import dev.tollgate.dialect.Fields;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the parts of a message's content. */
final class PartReader {
    /** What the formats of {@code input_audio} have in common with media types. */
    static final String AUDIO = "audio/";

    private static final Set<String> FILE = Set.of("file_data", "file_id");

    private PartReader() {}

    static Part read(Fields part) {
        String type = part.kind("type");
        switch (type) {
            case "text" -> {
                part.take("type");
                String text = part.need("text");
                CacheHint cache = CacheHints.read(part);
                return new Part.Text(text, cache, part.rest());
            }
            case "refusal" -> {
                part.take("type");
                return new Part.Declined(part.need("refusal"), part.rest());
            }
            case "image_url" -> {
                part.take("type");
                return image(part);
            }
            case "input_audio" -> {
                part.take("type");
                return audio(part);
            }
            case "file" -> {
                return file(part);
            }
            case "thinking" -> {
                return thinking(part);
            }
            default -> {
                return foreign(part, type.isEmpty() ? "part" : type);
            }
        }
    }

    private static Part image(Fields part) {
        String url = part.needObject("image_url").need("url");
        Source inline = DataUrl.read(url);
        return media(MediaKind.IMAGE, inline == null ? new Source.Url(url) : inline, null, part);
    }

    private static Part audio(Fields part) {
        Fields audio = part.needObject("input_audio");
        String format = audio.need("format");
        return media(MediaKind.AUDIO, new Source.Inline(AUDIO + format, audio.need("data")), null, part);
    }

    private static Part file(Fields part) {
        Fields file = part.object("file");
        Source source = file == null ? null : source(file);
        if (file == null || source == null) {
            return foreign(part, "file");
        }
        part.take("type");
        FILE.forEach(file::take);
        return media(MediaKind.DOCUMENT, source, file.text("filename"), part);
    }

    /** Mistral's reasoning, a list of texts; the whole is kept for Mistral. */
    private static Part thinking(Fields part) {
        Opaque whole = new Opaque(OpenAiChat.ID, part.path("thinking"), part.node());
        Extras place = new Extras(OpenAiChat.ID, part.path(), Map.of());
        return new Part.Reasoning(thought(part.node()), whole, place);
    }

    /** The text of a thinking part. */
    static String thought(JsonNode part) {
        StringBuilder text = new StringBuilder();
        for (JsonNode piece : part.path("thinking")) {
            text.append(piece.path("text").asString(""));
        }
        return text.toString();
    }

    private static @Nullable Source source(Fields file) {
        JsonNode id = file.peek("file_id");
        if (id != null && id.isString()) {
            return new Source.FileId(id.stringValue());
        }
        JsonNode data = file.peek("file_data");
        String url = data == null ? "" : data.asString("");
        return url.startsWith("https://") || url.startsWith("http://") ? new Source.Url(url) : DataUrl.read(url);
    }

    private static Part media(MediaKind kind, Source source, @Nullable String name, Fields part) {
        CacheHint cache = CacheHints.read(part);
        return new Part.Media(kind, source, name, cache, part.rest());
    }

    private static Part foreign(Fields part, String type) {
        return new Part.Foreign(type, new Opaque(OpenAiChat.ID, part.path(type), part.node()));
    }
}
