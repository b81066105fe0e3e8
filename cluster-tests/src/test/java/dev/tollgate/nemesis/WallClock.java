package dev.tollgate.nemesis;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The wall clock of one process, set by a few lines of C before the C library; monotonic clocks go on as they are. */
final class WallClock {
    private static final String LIBRARY = System.getProperty("tollgate.stage.wallclock", "");

    private WallClock() {}

    /** Compiles the library; empty where it cannot be had. */
    static String compile(Path source, Path folder) {
        try {
            Files.createDirectories(folder);
            String library = folder.resolve("wallclock.so").toString();
            Shell.run("cc", "-O2", "-shared", "-fPIC", "-o", library, source.toString(), "-ldl");
            return library;
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }

    static Map<String, String> environment(Path home) {
        if (LIBRARY.isEmpty()) {
            return Map.of();
        }
        set(home, 0);
        return Map.of("LD_PRELOAD", LIBRARY, "WALLCLOCK_OFFSET", offset(home).toString());
    }

    /** @param seconds how far the clock is ahead of the true one */
    static void set(Path home, int seconds) {
        try (RandomAccessFile file = new RandomAccessFile(offset(home).toFile(), "rw")) {
            file.writeLong(Long.reverseBytes(seconds));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path offset(Path home) {
        return home.resolve("clock");
    }
}
