package dev.tollgate.hazelcast;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/*
 * Members of this and of the next version of the gateway run side by side while it is rolled out, so:
 * - every value and every operation begins with the number of its version, and fields are only ever added at its end;
 * - what an older member finds behind the fields it knows, it keeps (in values) or skips (in operations).
 */
/** The bytes that members exchange and keep. */
final class Fields {
    /** The version that this release writes. */
    static final int VERSION = 1;

    private Fields() {}

    /** Something that is written as bytes. */
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    /** Something that is made of bytes. */
    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    static byte[] write(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static <T> T read(byte[] bytes, Reader<T> reader) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return reader.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes records of their own length, so that each may get more fields. */
    static <T> void writeAll(DataOutputStream out, Map<String, T> records, Function<T, byte[]> bytes)
            throws IOException {
        out.writeInt(records.size());
        for (Map.Entry<String, T> each : records.entrySet()) {
            out.writeUTF(each.getKey());
            writeBytes(out, bytes.apply(each.getValue()));
        }
    }

    static <T> Map<String, T> readAll(DataInputStream in, Reader<T> reader) throws IOException {
        Map<String, T> records = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            records.put(in.readUTF(), read(readBytes(in), reader));
        }
        return records;
    }

    static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
