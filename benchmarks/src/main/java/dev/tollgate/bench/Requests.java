package dev.tollgate.bench;

import dev.tollgate.bench.load.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Requests as chat clients send them: a system prompt, earlier turns, a question. */
final class Requests {
    private static final String SYSTEM =
            "You answer questions about the gateway of a large company. Be brief and exact.";
    /** With what makes reading JSON cost something: escapes, and letters of more than one byte. */
    private static final String ASKED =
            "What does a call cost?\\nGive the sum in \\\"euro\\\", please — naïve figures will do. ";

    private static final String ANSWERED =
            "It depends on the model and on the tokens; the record of the call has both. ";

    /** The longer a request is, the longer are its messages too. */
    private static final int BYTES_PER_COPY = 10_000;

    private Requests() {}

    /** @param token what the first token of the answer has in it */
    static Request request(Chat caller, String json, String token) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] head = head(caller, body.length).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocateDirect(head.length + body.length)
                .put(head)
                .put(body)
                .flip()
                .asReadOnlyBuffer();
        return new Request(bytes, token.getBytes(StandardCharsets.UTF_8));
    }

    private static String head(Chat caller, int length) {
        String key = caller == Chat.ANTHROPIC
                ? "x-api-key: " + GatewayConfig.KEY + "\r\nanthropic-version: 2023-06-01\r\n"
                : "authorization: Bearer " + GatewayConfig.KEY + "\r\n";
        return "POST " + caller.path() + " HTTP/1.1\r\nhost: gateway.example\r\naccept: application/json\r\n"
                + "content-type: application/json\r\nuser-agent: tollgate-benchmark\r\n" + key + "content-length: "
                + length + "\r\n\r\n";
    }

    static String body(Chat caller, String model, int bytes, boolean stream) {
        StringBuilder json = new StringBuilder(bytes + 512);
        json.append("{\"model\":\"").append(model).append("\",\"max_tokens\":512,\"temperature\":0.3,\"messages\":[");
        if (caller == Chat.OPENAI) {
            json.append(message("system", SYSTEM)).append(',');
        }
        int copies = Math.max(1, bytes / BYTES_PER_COPY);
        while (json.length() < bytes - 290 * copies) {
            json.append(message("user", ASKED.repeat(copies))).append(',');
            json.append(message("assistant", ANSWERED.repeat(copies))).append(',');
        }
        json.append(message("user", ASKED)).append(']');
        if (caller == Chat.ANTHROPIC) {
            json.append(",\"system\":\"").append(SYSTEM).append('"');
        }
        return json.append(stream ? ",\"stream\":true}" : "}").toString();
    }

    private static String message(String role, String content) {
        return "{\"role\":\"" + role + "\",\"content\":\"" + content + "\"}";
    }
}
