package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.Part.MediaKind;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What kind of thing a media type or the end of a URL stands for. */
final class MediaTypes {
    private static final Map<String, String> BY_ENDING = Map.ofEntries(
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("gif", "image/gif"),
            Map.entry("heic", "image/heic"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("txt", "text/plain"),
            Map.entry("md", "text/markdown"),
            Map.entry("html", "text/html"),
            Map.entry("csv", "text/csv"),
            Map.entry("wav", "audio/wav"),
            Map.entry("mp3", "audio/mp3"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("flac", "audio/flac"));

    private MediaTypes() {}

    /** The kind of a media type; null for one that only this dialect has, as video. */
    static @Nullable MediaKind kind(String mediaType) {
        if (mediaType.startsWith("image/")) {
            return MediaKind.IMAGE;
        }
        if (mediaType.startsWith("audio/")) {
            return MediaKind.AUDIO;
        }
        return mediaType.startsWith("video/") ? null : MediaKind.DOCUMENT;
    }

    /** The likely media type of what is behind a URL, which Vertex AI wants to be told. */
    static String ofUrl(String url, MediaKind kind) {
        int end = url.indexOf('?') < 0 ? url.length() : url.indexOf('?');
        int dot = url.lastIndexOf('.', end);
        String ending = dot < 0 ? "" : url.substring(dot + 1, end).toLowerCase(Locale.ROOT);
        String known = BY_ENDING.get(ending);
        if (known != null && kind(known) == kind) {
            return known;
        }
        return switch (kind) {
            case IMAGE -> "image/jpeg";
            case AUDIO -> "audio/mp3";
            case DOCUMENT -> "application/pdf";
        };
    }
}
