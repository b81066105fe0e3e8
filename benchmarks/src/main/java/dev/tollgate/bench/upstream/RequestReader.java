package dev.tollgate.bench.upstream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Gathers one HTTP/1.1 request at a time; its length must be told by Content-Length. */
final class RequestReader {
    private byte[] bytes = new byte[4096];
    private int length;
    private int body;
    private int end;

    /** Takes bytes as they came. */
    void add(byte[] from, int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
        }
        System.arraycopy(from, 0, bytes, length, count);
        int searched = Math.max(0, length - 3);
        length += count;
        if (body == 0) {
            findBody(searched);
        }
    }

    private void findBody(int from) {
        for (int at = from; at <= length - 4; at++) {
            if (bytes[at] == '\r' && bytes[at + 1] == '\n' && bytes[at + 2] == '\r' && bytes[at + 3] == '\n') {
                body = at + 4;
                end = body + contentLength();
                return;
            }
        }
    }

    private int contentLength() {
        String head = new String(bytes, 0, body, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int at = head.indexOf("\r\ncontent-length:");
        if (at < 0) {
            throw new IllegalArgumentException("a request without Content-Length");
        }
        return Integer.parseInt(
                head.substring(at + 17, head.indexOf('\r', at + 2)).trim());
    }

    boolean complete() {
        return body > 0 && length >= end;
    }

    /** The answer to the complete request, which is forgotten thereby. */
    Script answer(Scripts scripts) {
        Script script = scripts.choose(bytes, body, end);
        System.arraycopy(bytes, end, bytes, 0, length - end);
        length -= end;
        body = 0;
        end = 0;
        return script;
    }
}
