package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.MediaKind;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.Fields;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Reads the parts of one conversation, in requests and in answers. */
final class PartReader {
    private final CallIds ids;

    PartReader(CallIds ids) {
        this.ids = ids;
    }

    /** The parts of a content, in their order. */
    List<Part> parts(Fields content) {
        List<Part> parts = new ArrayList<>();
        content.each("parts", part -> parts.add(read(part)));
        return parts;
    }

    private Part read(Fields part) {
        boolean thought = isThought(part);
        if (part.peek("functionCall") != null) {
            return call(part);
        }
        if (part.peek("functionResponse") != null) {
            return result(part);
        }
        if (part.peek("inlineData") != null) {
            return inline(part);
        }
        if (part.peek("fileData") != null) {
            return file(part);
        }
        if (part.peek("text") != null) {
            return thought ? thought(part) : new Part.Text(part.need("text"), null, part.rest());
        }
        return foreign(part);
    }

    /** Whether a part says that it is a thought; that it is none goes without saying. */
    private static boolean isThought(Fields part) {
        JsonNode thought = part.peek("thought");
        if (thought != null && thought.isBoolean() && !thought.booleanValue()) {
            part.take("thought");
        }
        return thought != null && thought.asBoolean(false);
    }

    private static Part thought(Fields part) {
        part.flag("thought");
        return new Part.Reasoning(part.need("text"), Signatures.read(part), part.rest());
    }

    private Part call(Fields part) {
        Fields call = part.needObject("functionCall");
        JsonNode args = call.peek("args");
        if (args != null && !args.isObject()) {
            call.refuse("args", "an object");
        }
        call.take("args");
        String name = call.need("name");
        String arguments = args == null ? "" : Json.text(args);
        String id = ids.ofCall(call.text("id"), name, arguments);
        return new Part.ToolCall(id, name, arguments, Signatures.read(part), null, part.rest());
    }

    private Part result(Fields part) {
        Fields result = part.needObject("functionResponse");
        String name = result.need("name");
        JsonNode given = result.peek("id");
        String givenId = given != null && given.isString() ? given.stringValue() : null;
        String id = ids.ofResult(givenId, name).orElse(null);
        if (id == null || givenId == null || id.equals(givenId)) {
            result.take("id");
        }
        if (id == null) {
            id = givenId == null ? ids.ofNobody(name) : givenId;
        }
        JsonNode response = result.take("response");
        List<Part> content = new ArrayList<>();
        boolean error = response instanceof ObjectNode object && answer(object, name, result, content);
        content.addAll(parts(result));
        boolean known = ids.nameOf(id).filter(name::equals).isPresent();
        Extras rest = part.rest();
        return new Part.ToolResult(id, content, error, null, known ? rest : with(rest, "functionResponse.name", name));
    }

    /** Puts what a tool said into the content; whether it says that it failed. */
    private static boolean answer(ObjectNode response, String name, Fields result, List<Part> content) {
        ToolAnswer answer = ToolAnswer.read(response, name);
        if (!answer.text().isEmpty() || !answer.form().isEmpty()) {
            Extras place = new Extras(Gemini.ID, result.path("response") + answer.form(), Map.of());
            content.add(new Part.Text(answer.text(), null, place));
        }
        return answer.error();
    }

    private static Extras with(Extras extras, String name, String value) {
        Map<String, JsonNode> fields = new LinkedHashMap<>(extras.fields());
        fields.put(name, StringNode.valueOf(value));
        return new Extras(extras.dialect(), extras.at(), fields);
    }

    private static Part inline(Fields part) {
        Fields data = part.needObject("inlineData");
        MediaKind kind = MediaTypes.kind(data.kind("mimeType"));
        if (kind == null) {
            return foreign(part);
        }
        Source source = new Source.Inline(data.need("mimeType"), data.need("data"));
        return new Part.Media(kind, source, data.text("displayName"), null, part.rest());
    }

    private static Part file(Fields part) {
        Fields file = part.needObject("fileData");
        JsonNode given = file.peek("mimeType");
        String mediaType = given != null && given.isString() ? given.stringValue() : "";
        MediaKind kind = mediaType.isEmpty() ? MediaKind.DOCUMENT : MediaTypes.kind(mediaType);
        String uri = file.kind("fileUri");
        if (kind == null || uri.contains("youtube.com/") || uri.contains("youtu.be/")) {
            return foreign(part);
        }
        file.take("fileUri");
        boolean fetched = isForAnybody(uri);
        if (fetched && mediaType.equals(MediaTypes.ofUrl(uri, kind))) {
            file.take("mimeType");
        }
        Source source = fetched ? new Source.Url(uri) : new Source.FileId(uri);
        return new Part.Media(kind, source, file.text("displayName"), null, part.rest());
    }

    /** Whether anybody may fetch what is at a URI, and not Google alone. */
    private static boolean isForAnybody(String uri) {
        boolean web = uri.startsWith("https://") || uri.startsWith("http://");
        return web && !uri.startsWith("https://generativelanguage.googleapis.com/");
    }

    private static Part foreign(Fields part) {
        String type = "part";
        for (Map.Entry<String, JsonNode> member : part.node().properties()) {
            if (member.getValue().isObject()) {
                type = member.getKey();
                break;
            }
        }
        return new Part.Foreign(type, new Opaque(Gemini.ID, part.path(type), part.node()));
    }
}
