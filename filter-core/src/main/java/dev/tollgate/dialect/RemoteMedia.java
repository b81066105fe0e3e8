package dev.tollgate.dialect;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Part.Source;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Images, documents and sounds that a request names by a URL. */
final class RemoteMedia {
    private RemoteMedia() {}

    /** The URLs in a conversation, each once, in their order. */
    static Set<String> urls(ChatRequest request) {
        Set<String> urls = new LinkedHashSet<>();
        request.messages().forEach(message -> collect(message.parts(), urls));
        return urls;
    }

    private static void collect(List<Part> parts, Set<String> urls) {
        for (Part part : parts) {
            if (part instanceof Part.Media media && media.source() instanceof Source.Url url) {
                urls.add(url.url());
            } else if (part instanceof Part.ToolResult result) {
                collect(result.content(), urls);
            }
        }
    }

    /** The same call with what was fetched in place of its URLs. */
    static ChatRequest inlined(ChatRequest request, Map<String, Source.Inline> fetched) {
        if (fetched.isEmpty()) {
            return request;
        }
        List<Message> messages = new ArrayList<>();
        request.messages()
                .forEach(message ->
                        messages.add(new Message(message.role(), inlined(message.parts(), fetched), message.extras())));
        return request.with(messages, request.tools(), request.toolChoice());
    }

    private static List<Part> inlined(List<Part> parts, Map<String, Source.Inline> fetched) {
        return parts.stream().map(part -> inlined(part, fetched)).toList();
    }

    private static Part inlined(Part part, Map<String, Source.Inline> fetched) {
        if (part instanceof Part.ToolResult result) {
            return new Part.ToolResult(
                    result.id(), inlined(result.content(), fetched), result.error(), result.cache(), result.extras());
        }
        Source.Inline inline = part instanceof Part.Media media && media.source() instanceof Source.Url url
                ? fetched.get(url.url())
                : null;
        if (inline == null) {
            return part;
        }
        Part.Media media = (Part.Media) part;
        return new Part.Media(media.kind(), inline, media.name(), media.cache(), media.extras());
    }
}
