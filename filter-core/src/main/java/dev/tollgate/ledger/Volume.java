package dev.tollgate.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The disk, as far as a journal writes to it. */
interface Volume {

    /** The disk of this machine. */
    Volume DISK = new Volume() {
        @Override
        public Writing create(Path file) throws IOException {
            return new FileWriting(FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            forceNames(to.resolveSibling(""));
        }
    };

    /** Begins an empty file. */
    Writing create(Path file) throws IOException;

    /** Gives a file its name, which survives a loss of power. */
    void rename(Path from, Path to) throws IOException;

    /** A file that is being written, from its beginning on. */
    interface Writing extends AutoCloseable {

        /** Appends all of the bytes. */
        void append(ByteBuffer bytes) throws IOException;

        /** Has what was appended survive a loss of power. */
        void force() throws IOException;

        /** Takes back what stands behind the first so many bytes. */
        void truncate(long length) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Writing to a file of this machine. */
    record FileWriting(FileChannel channel) implements Writing {
        @Override
        public void append(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                int unused = channel.write(bytes);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long length) throws IOException {
            channel.truncate(length);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Some systems open no folders; there, names are durable by other means or not at all. */
    private static void forceNames(Path directory) {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException notHere) {
            return;
        }
    }
}
