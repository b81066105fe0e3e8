package dev.tollgate.bench;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/** Makes one call and looks at the answer, so that nothing wrong is measured. */
final class Check {
    private static final int PATIENCE_MILLIS = 10_000;

    private Check() {}

    /** @throws IOException when the answer is not the right one; the message quotes what came */
    static void answers(Contender contender, Kind kind) throws IOException {
        String answer = call(contender, kind.request().bytes());
        if (!answer.startsWith("HTTP/1.1 200 ") || !answer.contains(kind.mark())) {
            throw new IOException(contender.name() + ", " + kind.name() + ": a wrong answer:\n" + answer);
        }
    }

    private static String call(Contender contender, ByteBuffer request) throws IOException {
        try (Socket socket =
                new Socket(contender.address().getAddress(), contender.address().getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            Channels.newChannel(socket.getOutputStream()).write(request);
            return read(socket);
        }
    }

    /** Reads until what has come ends like an answer. */
    private static String read(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        byte[] bytes = new byte[8192];
        while (!whole(answer)) {
            int count = socket.getInputStream().read(bytes);
            if (count < 0) {
                return answer.toString();
            }
            answer.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
        }
        return answer.toString();
    }

    private static boolean whole(StringBuilder answer) {
        int head = answer.indexOf("\r\n\r\n");
        if (head < 0) {
            return false;
        }
        String start = answer.substring(0, head).toLowerCase(java.util.Locale.ROOT) + "\r\n";
        int length = start.indexOf("content-length:");
        if (length < 0) {
            return answer.toString().endsWith("0\r\n\r\n");
        }
        String number =
                start.substring(length + 15, start.indexOf('\r', length)).trim();
        return answer.length() >= head + 4 + Integer.parseInt(number);
    }
}
