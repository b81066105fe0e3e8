package dev.tollgate.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A disk whose forces take their time. */
record SlowForces(Duration each) implements Volume {
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
                LockSupport.parkNanos(each.toNanos());
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

    @Override
    public void rename(Path from, Path to) throws IOException {
        DISK.rename(from, to);
    }
}
