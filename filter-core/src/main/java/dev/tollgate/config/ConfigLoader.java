package dev.tollgate.config;

import dev.tollgate.provider.ProviderRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the configuration file, or makes the set-up that stands in for it. */
public final class ConfigLoader {
    private final Surroundings surroundings;

    /** A loader that resolves references against these environment variables. */
    public ConfigLoader(Map<String, String> environment) {
        this(Surroundings.of(environment));
    }

    /** The same, for a gateway that knows more providers than come with the release. */
    public ConfigLoader(Map<String, String> environment, ProviderRows more) {
        this(Surroundings.of(environment).with(more));
    }

    ConfigLoader(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * Reads a configuration file.
     *
     * @param environment the environment variables that {@code ${env:NAME}} refers to
     * @throws ConfigException with everything that is wrong with it
     */
    public static Settings load(Path file, Map<String, String> environment) throws ConfigException {
        return new ConfigLoader(environment).load(file);
    }

    /**
     * The set-up without a file: {@code echo}, and each provider whose key the environment holds, with its own model names
     * and with {@code provider/model} for any.
     *
     * @param keySha256 the digest of the one key that callers show
     */
    public static Settings builtIn(Map<String, String> environment, String keySha256) {
        return new BuiltIn(ProviderRows.shipped(), environment).settings(keySha256);
    }

    /**
     * Reads a configuration file.
     *
     * @throws ConfigException with everything that is wrong with it
     */
    public Settings load(Path file) throws ConfigException {
        return parse(nameOf(file), contentOf(file));
    }

    /**
     * Reads a configuration.
     *
     * @param name the file's name, for messages
     */
    Settings parse(String name, byte[] content) throws ConfigException {
        return parse(name, content, new FilesRead.Notes());
    }

    /**
     * Reads a configuration.
     *
     * @param notes told of the files that it refers to, even when it cannot be used
     */
    Settings parse(String name, byte[] content, FilesRead.Notes notes) throws ConfigException {
        Node root = new YamlText(name).parse(content);
        Reading reading = new Reading(name, surroundings.noting(notes));
        if (Entries.isNothing(root)) {
            reading.problem(root, YamlText.EMPTY);
        }
        Optional<Settings> settings = FileSettings.FILE.read(root, reading);
        reading.runChecks();
        if (reading.problemCount() > 0) {
            throw new ConfigException(reading.problems());
        }
        return settings.orElseThrow(() -> new IllegalStateException("neither settings nor problems"));
    }

    /** Files that a configuration refers to, as they are now. */
    FilesRead anew(FilesRead files) {
        return files.anew(surroundings.references()::textOf);
    }

    static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }

    /** What stands in a file, up to a little more than is accepted. */
    static byte[] contentOf(Path file) throws ConfigException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(YamlText.MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "the file does not exist");
        } catch (IOException e) {
            throw unreadable(file, "the file cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static ConfigException unreadable(Path file, String message) {
        return new ConfigException(List.of(new Problem(nameOf(file), 0, 0, message)));
    }
}
