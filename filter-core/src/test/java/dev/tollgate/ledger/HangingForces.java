package dev.tollgate.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk that hangs in every force but the first, which opens the ledger, until a test lets it go on. */
record HangingForces(CountDownLatch stuck, AtomicInteger forces) implements Volume {
    HangingForces(CountDownLatch stuck) {
        this(stuck, new AtomicInteger());
    }

    @Override
    public Writing create(Path file) throws IOException {
        Writing real = DISK.create(file);
        return new Writing() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                real.append(bytes);
            }

            @Override
            public void force() throws IOException {
                if (forces.getAndIncrement() > 0) {
                    hang();
                }
                real.force();
            }

            @Override
            public void truncate(long length) throws IOException {
                real.truncate(length);
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    private void hang() throws IOException {
        try {
            stuck.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IOException(ended);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        DISK.rename(from, to);
    }
}
