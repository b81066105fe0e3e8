package dev.tollgate.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of a message. */
public sealed interface Part {

    /** What no neutral field of this part holds. */
    Extras extras();

    /**
     * Plain text. {@code citations} are the sources it names; {@code cache} is the caller's hint that the prompt up to and
     * including this part may be cached.
     */
    record Text(
            String text, List<Citation> citations, @Nullable CacheHint cache, Extras extras) implements Part {
        public Text {
            citations = List.copyOf(citations);
        }

        /** Text without citations. */
        public Text(String text, @Nullable CacheHint cache, Extras extras) {
            this(text, List.of(), cache, extras);
        }

        public static Text of(String text) {
            return new Text(text, null, Extras.NONE);
        }
    }

    /** An image, a document or a sound. */
    record Media(
            MediaKind kind,
            Source source,
            @Nullable String name,
            @Nullable CacheHint cache,
            Extras extras) implements Part {}

    /**
     * A call of a tool by the model. {@code arguments} is JSON text, exactly as the model wrote it (maybe empty); {@code proof}
     * is what its maker wants back with it (Gemini's thought signature), or null.
     */
    record ToolCall(
            String id,
            String name,
            String arguments,
            @Nullable Opaque proof,
            @Nullable CacheHint cache,
            Extras extras) implements Part {
        /** A call that its maker wants nothing back with. */
        public ToolCall(String id, String name, String arguments, @Nullable CacheHint cache, Extras extras) {
            this(id, name, arguments, null, cache, extras);
        }
    }

    /** What a tool answered: text and media parts; {@code error} when the tool failed. */
    record ToolResult(
            String id,
            List<Part> content,
            boolean error,
            @Nullable CacheHint cache,
            Extras extras) implements Part {
        public ToolResult {
            content = List.copyOf(content);
        }
    }

    /** The model's reasoning, as far as it shows it; {@code proof} is its maker's signature or encrypted form. */
    record Reasoning(String text, @Nullable Opaque proof, Extras extras) implements Part {}

    /** The model declines to answer, in its own words. */
    record Declined(String text, Extras extras) implements Part {}

    /** A part only one dialect knows (a server-side tool's call or result, a file to run on), kept whole under its label. */
    record Foreign(String type, Opaque whole) implements Part {
        @Override
        public Extras extras() {
            return new Extras(whole.dialect(), whole.at(), Map.of());
        }
    }

    /** What a media part is. */
    enum MediaKind {
        IMAGE,
        DOCUMENT,
        AUDIO
    }

    /** Where the bytes of a media part are. */
    sealed interface Source {
        /** In the request itself, base64-encoded. */
        record Inline(String mediaType, String base64) implements Source {}

        /** Behind a URL, which the provider fetches. */
        record Url(String url) implements Source {}

        /** In the provider's file store. */
        record FileId(String id) implements Source {}

        /** Plain text given as a document. */
        record PlainText(String text) implements Source {}
    }

    /** A hint that the prompt up to here may be cached; {@code ttl} as the dialect wrote it ("5m", "1h"), or null. */
    record CacheHint(@Nullable String ttl) {}
}
