package dev.tollgate.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The files that a configuration refers to, each with the digest of what stood in it; equal where that is the same. */
record FilesRead(Map<String, String> digests) {
    static final FilesRead NONE = new FilesRead(Map.of());

    FilesRead {
        digests = Map.copyOf(digests);
    }

    /** The same files, as they are now. */
    FilesRead anew(Function<String, Optional<String>> files) {
        Notes notes = new Notes();
        digests.keySet().forEach(file -> notes.note(file, files.apply(file)));
        return notes.all();
    }

    static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What is noted of files as they are read; used by one thread. */
    static final class Notes {
        private final Map<String, String> digests = new TreeMap<>();

        /** Reads files and notes them. */
        Function<String, Optional<String>> noting(Function<String, Optional<String>> files) {
            return file -> note(file, files.apply(file));
        }

        private Optional<String> note(String file, Optional<String> text) {
            digests.put(
                    file,
                    text.map(there -> digest(there.getBytes(StandardCharsets.UTF_8)))
                            .orElse(""));
            return text;
        }

        FilesRead all() {
            return new FilesRead(digests);
        }
    }
}
