package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.Part.MediaKind;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words for formats of images, documents and sounds, and the media types they stand for. */
final class Formats {
    private static final Set<String> IMAGES = Set.of("png", "jpeg", "gif", "webp");

    private static final Set<String> SOUNDS = Set.of(
            "mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga", "pcm",
            "webm");

    private static final Map<String, String> DOCUMENTS = Map.of(
            "pdf", "application/pdf",
            "csv", "text/csv",
            "doc", "application/msword",
            "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xls", "application/vnd.ms-excel",
            "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "html", "text/html",
            "txt", "text/plain",
            "md", "text/markdown");

    private Formats() {}

    /** The media type of a format; null for a document of an unknown one. */
    static @Nullable String mediaType(MediaKind kind, String format) {
        return switch (kind) {
            case IMAGE -> "image/" + format;
            case AUDIO -> "audio/" + format;
            case DOCUMENT -> DOCUMENTS.get(format);
        };
    }

    /** The format of a media type; null where Bedrock has none. */
    static @Nullable String format(MediaKind kind, String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT);
        int parameters = type.indexOf(';');
        type = parameters < 0 ? type : type.substring(0, parameters).strip();
        String format = type.substring(type.indexOf('/') + 1);
        return switch (kind) {
            case IMAGE -> known(format.equals("jpg") ? "jpeg" : format, IMAGES);
            case AUDIO -> known(format.equals("x-wav") ? "wav" : format, SOUNDS);
            case DOCUMENT -> document(type);
        };
    }

    private static @Nullable String known(String format, Set<String> formats) {
        return formats.contains(format) ? format : null;
    }

    /** Text of a kind without a format of its own is plain text here. */
    private static @Nullable String document(String type) {
        for (Map.Entry<String, String> each : DOCUMENTS.entrySet()) {
            if (each.getValue().equals(type)) {
                return each.getKey();
            }
        }
        return type.startsWith("text/") ? "txt" : null;
    }

    /** The format that a file's name ends with; null where it says none that fits. */
    static @Nullable String ofName(MediaKind kind, String name) {
        String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (kind) {
            case IMAGE -> known(end.equals("jpg") ? "jpeg" : end, IMAGES);
            case AUDIO -> known(end, SOUNDS);
            case DOCUMENT -> known(end, DOCUMENTS.keySet());
        };
    }
}
