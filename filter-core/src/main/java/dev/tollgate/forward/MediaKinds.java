package dev.tollgate.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;

/** What kinds of files may be handed on to a model, told by their first bytes and never by what their server calls them. */
final class MediaKinds {
    private MediaKinds() {}

    /** The media type of a file; empty for one of no kind that models take. */
    static Optional<String> of(byte[] file) {
        String head = new String(file, 0, Math.min(file.length, 12), ISO_8859_1);
        if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
            return Optional.of("image/png");
        }
        if (head.startsWith("\u00ff\u00d8\u00ff")) {
            return Optional.of("image/jpeg");
        }
        if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
            return Optional.of("image/gif");
        }
        if (head.startsWith("%PDF-")) {
            return Optional.of("application/pdf");
        }
        if (head.startsWith("RIFF") && head.length() == 12) {
            return riff(head.substring(8));
        }
        return head.startsWith("ID3") ? Optional.of("audio/mp3") : Optional.empty();
    }

    private static Optional<String> riff(String kind) {
        return switch (kind) {
            case "WEBP" -> Optional.of("image/webp");
            case "WAVE" -> Optional.of("audio/wav");
            default -> Optional.empty();
        };
    }
}
