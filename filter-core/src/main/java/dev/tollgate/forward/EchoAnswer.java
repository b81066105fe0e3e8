package dev.tollgate.forward;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the echo provider answers.
 *
 * @param id the answer's id, drawn from the request so that equal requests get equal ids
 * @param choices how many alternatives to send, all alike
 * @param text the text, or null when tools are called instead
 * @param finish why it ends, in OpenAI's words
 * @param promptTokens one for every four bytes of the conversation's text, rounded up
 * @param completionTokens the same for what is answered, all alternatives together
 */
record EchoAnswer(
        String id,
        String model,
        int choices,
        @Nullable String text,
        List<Call> calls,
        String finish,
        long promptTokens,
        long completionTokens) {

    EchoAnswer {
        calls = List.copyOf(calls);
    }

    /** A call of a tool. */
    record Call(String id, String name, String arguments) {}
}
