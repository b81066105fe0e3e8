package dev.tollgate.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A disk with so many bytes, which a full one takes part of a row of, and whose forces can fail. */
final class SmallDisk implements Volume {
    private long room;
    private boolean forcesFail;

    SmallDisk(long room) {
        this.room = room;
    }

    synchronized void grow(long by) {
        room += by;
    }

    synchronized void failForces(boolean fail) {
        forcesFail = fail;
    }

    private synchronized int take(int wanted) {
        int taken = (int) Math.min(room, wanted);
        room -= taken;
        return taken;
    }

    @Override
    public Writing create(Path file) throws IOException {
        Writing real = DISK.create(file);
        return new Writing() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                int wanted = bytes.remaining();
                int fits = take(wanted);
                real.append(bytes.slice(bytes.position(), fits));
                if (fits < wanted) {
                    throw new IOException("No space left on device");
                }
            }

            @Override
            public void force() throws IOException {
                synchronized (SmallDisk.this) {
                    if (forcesFail) {
                        throw new IOException("Input/output error");
                    }
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

    @Override
    public void rename(Path from, Path to) throws IOException {
        DISK.rename(from, to);
    }
}
