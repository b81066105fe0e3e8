package dev.tollgate.config;

import dev.tollgate.provider.ProviderRows;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a configuration is read against: what its references refer to, the known providers, and the addresses of hosts.
 *
 * @param addresses the addresses of a host name; none when it has none
 * @param folders why a folder cannot be written into, even after it is made; empty when it can
 */
record Surroundings(
        References references,
        ProviderRows rows,
        Function<String, List<InetAddress>> addresses,
        Function<Path, Optional<String>> folders) {

    private static final int MAX_FILE_BYTES = 1024 * 1024;
    private static final int MAX_LIST_BYTES = 64 * 1024 * 1024;

    /** Surroundings with the folders of this machine. */
    Surroundings(References references, ProviderRows rows, Function<String, List<InetAddress>> addresses) {
        this(references, rows, addresses, Surroundings::whyUnusable);
    }

    static Surroundings of(Map<String, String> environment) {
        return new Surroundings(
                new References(environment, Surroundings::textOf, JndiLookup::find),
                ProviderRows.shipped(),
                Surroundings::lookUp);
    }

    /** The text of a file, up to what no secret and no list of certificates is longer than; empty when it cannot be read. */
    static Optional<String> textOf(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return Optional.of(new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.UTF_8));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> whyUnusable(Path folder) {
        if (Files.isDirectory(folder)) {
            return onlyIf(!Files.isWritable(folder), "this process may not write into the folder " + folder);
        }
        if (Files.exists(folder)) {
            return Optional.of(folder + " is no folder");
        }
        Path around = folder.toAbsolutePath().getParent();
        if (around == null || !Files.isDirectory(around)) {
            return Optional.of("there is no folder " + around + " to make it in");
        }
        return onlyIf(!Files.isWritable(around), "this process may not make a folder in " + around);
    }

    private static Optional<String> onlyIf(boolean wrong, String what) {
        return wrong ? Optional.of(what) : Optional.empty();
    }

    /** What stands in a file that holds no secret; empty when it cannot be read, or is larger than any price list. */
    Optional<byte[]> contentOf(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] content = in.readNBytes(MAX_LIST_BYTES + 1);
            return content.length > MAX_LIST_BYTES ? Optional.empty() : Optional.of(content);
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static List<InetAddress> lookUp(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    /** The same, with providers besides those that come with the release. */
    Surroundings with(ProviderRows more) {
        return new Surroundings(references, rows.with(more), addresses, folders);
    }

    /** The same, where the files that references name are noted. */
    Surroundings noting(FilesRead.Notes notes) {
        return new Surroundings(references.noting(notes), rows, addresses, folders);
    }
}
