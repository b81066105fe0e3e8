package dev.tollgate.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A web application, to be unpacked into a server: its files by path. Its context path is its name. */
public final class Webapp {
    private final String name;
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    private Webapp(String name) {
        this.name = name;
    }

    /** An application that holds nothing yet. */
    public static Webapp named(String name) {
        return new Webapp(name);
    }

    /** With the gateway's all-in-one JAR, as the build has made it. */
    public Webapp withGateway() {
        Path jar = Path.of(System.getProperty("tollgate.filter.jar"));
        try {
            files.put("WEB-INF/lib/" + jar.getFileName(), Files.readAllBytes(jar));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** With a file. */
    public Webapp with(String path, String content) {
        files.put(path, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** With classes of the tests'. */
    public Webapp with(Class<?>... types) {
        for (Class<?> type : types) {
            String path = type.getName().replace('.', '/') + ".class";
            try (InputStream bytes = type.getClassLoader().getResourceAsStream(path)) {
                files.put("WEB-INF/classes/" + path, bytes.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    /** Writes the application into the folder of a server's applications. */
    Path unpackInto(Path folder) throws IOException {
        Path root = folder.resolve(name);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return root;
    }
}
