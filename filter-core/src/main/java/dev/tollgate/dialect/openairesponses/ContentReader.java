package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.Citation;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.MediaKind;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.DataUrl;
import dev.tollgate.dialect.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the content of a message and the output of a tool: a string, or a list of parts. */
final class ContentReader {
    /** What the formats of {@code input_audio} have in common with media types. */
    static final String AUDIO = "audio/";

    private static final String PDF = "application/pdf";

    private ContentReader() {}

    static List<Part> read(Fields holder, String name) {
        JsonNode content = holder.peek(name);
        if (content == null) {
            holder.take(name);
            return List.of();
        }
        if (content.isString()) {
            Extras place = new Extras(OpenAiResponses.ID, holder.path(name), Map.of());
            return List.of(new Part.Text(holder.need(name), null, place));
        }
        if (!content.isArray()) {
            holder.refuse(name, "a string or a list of parts");
            return List.of();
        }
        List<Part> parts = new ArrayList<>();
        holder.each(name, part -> parts.add(part(part)));
        return parts;
    }

    private static Part part(Fields part) {
        String type = part.kind("type");
        return switch (type) {
            case "input_text", "output_text", "text" -> text(part);
            case "refusal" -> declined(part);
            case "input_image" -> media(MediaKind.IMAGE, image(part), null, part);
            case "input_file" -> media(MediaKind.DOCUMENT, file(part), part.text("filename"), part);
            case "input_audio" -> media(MediaKind.AUDIO, audio(part), null, part);
            default -> foreign(part, type.isEmpty() ? "part" : type);
        };
    }

    private static Part text(Fields part) {
        part.take("type");
        part.label("logprobs");
        String text = part.need("text");
        List<Citation> citations = Annotations.read(
                part.peek("annotations") == null
                        ? part.node().arrayNode()
                        : part.node().path("annotations"),
                part.path("annotations"));
        part.take("annotations");
        return new Part.Text(text, citations, null, part.rest());
    }

    private static Part declined(Fields part) {
        part.take("type");
        return new Part.Declined(part.need("refusal"), part.rest());
    }

    private static @Nullable Source image(Fields part) {
        if (part.node().path("detail").asString("").equals("auto")) {
            part.label("detail");
        }
        JsonNode url = part.peek("image_url");
        if (url != null && url.isString()) {
            part.take("image_url");
            Source inline = DataUrl.read(url.stringValue());
            return inline == null ? new Source.Url(url.stringValue()) : inline;
        }
        return fileId(part);
    }

    private static @Nullable Source file(Fields part) {
        if (part.node().path("detail").asString("").equals("auto")) {
            part.label("detail");
        }
        JsonNode data = part.peek("file_data");
        if (data != null && data.isString()) {
            part.take("file_data");
            Source inline = DataUrl.read(data.stringValue());
            return inline == null ? new Source.Inline(PDF, data.stringValue()) : inline;
        }
        JsonNode url = part.peek("file_url");
        if (url != null && url.isString()) {
            part.take("file_url");
            return new Source.Url(url.stringValue());
        }
        return fileId(part);
    }

    private static @Nullable Source fileId(Fields part) {
        JsonNode id = part.peek("file_id");
        if (id == null || !id.isString()) {
            return null;
        }
        part.take("file_id");
        return new Source.FileId(id.stringValue());
    }

    private static @Nullable Source audio(Fields part) {
        JsonNode audio = part.node().path("input_audio");
        if (!audio.path("data").isString() || !audio.path("format").isString()) {
            return null;
        }
        Fields fields = part.needObject("input_audio");
        return new Source.Inline(AUDIO + fields.need("format"), fields.need("data"));
    }

    private static Part media(MediaKind kind, @Nullable Source source, @Nullable String name, Fields part) {
        if (source == null) {
            return foreign(part, part.kind("type"));
        }
        part.take("type");
        return new Part.Media(kind, source, name, null, part.rest());
    }

    private static Part foreign(Fields part, String type) {
        return new Part.Foreign(type, new Opaque(OpenAiResponses.ID, part.path(type), part.node()));
    }
}
