package dev.tollgate.forward;

import dev.tollgate.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The events of one streamed answer of the echo provider, made one by one as they are taken: the deltas, each for every
 * alternative, their ends, the usage where it was asked for, and the mark of the end.
 */
final class EchoStream implements Iterator<byte[]> {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final EchoAnswer answer;
    private final EchoWire wire;
    private final boolean withUsage;
    private final Iterator<ObjectNode> deltas;

    private Phase phase = Phase.DELTAS;
    private ObjectNode delta = NODES.objectNode();
    private int choice;

    private enum Phase {
        DELTAS,
        ENDS,
        USAGE,
        DONE,
        OVER
    }

    EchoStream(EchoAnswer answer, EchoWire wire, boolean withUsage) {
        this.answer = answer;
        this.wire = wire;
        this.withUsage = withUsage;
        this.deltas = answer.text() == null ? new CallDeltas(answer) : new TextDeltas(answer.text());
    }

    @Override
    public boolean hasNext() {
        return phase != Phase.OVER;
    }

    @Override
    public byte[] next() {
        return switch (phase) {
            case DELTAS -> {
                delta = choice == 0 ? deltas.next() : delta;
                yield ofChoice(delta, null, deltas.hasNext() ? Phase.DELTAS : Phase.ENDS);
            }
            case ENDS -> ofChoice(NODES.objectNode(), answer.finish(), withUsage ? Phase.USAGE : Phase.DONE);
            case USAGE -> {
                phase = Phase.DONE;
                yield event(Json.text(wire.usageChunk()));
            }
            case DONE -> {
                phase = Phase.OVER;
                yield event("[DONE]");
            }
            case OVER -> throw new NoSuchElementException();
        };
    }

    /** The chunk of the alternative whose turn it is; after the last of them comes the next phase. */
    private byte[] ofChoice(ObjectNode content, @Nullable String finish, Phase then) {
        ObjectNode chunk = wire.chunk(choice, content, finish);
        if (withUsage) {
            chunk.putNull("usage");
        }
        choice++;
        if (choice == answer.choices()) {
            choice = 0;
            phase = then;
        }
        return event(Json.text(chunk));
    }

    private static byte[] event(String data) {
        return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode opening() {
        return NODES.objectNode().put("role", "assistant");
    }

    /** A text word by word, after an opening without any. */
    private static final class TextDeltas implements Iterator<ObjectNode> {
        private static final int LONGEST_WORD = 1_000;

        private final String text;
        private boolean opened;
        private int at;

        TextDeltas(String text) {
            this.text = text;
        }

        @Override
        public boolean hasNext() {
            return !opened || at < text.length();
        }

        @Override
        public ObjectNode next() {
            if (!opened) {
                opened = true;
                return opening().put("content", "").putNull("refusal");
            }
            int from = at;
            at = endOfWord(from);
            return NODES.objectNode().put("content", text.substring(from, at));
        }

        /** The end of the word and the white space after it; no character is cut in half. */
        private int endOfWord(int from) {
            int end = from;
            boolean spaceSeen = false;
            while (end < text.length() && end - from < LONGEST_WORD) {
                int character = text.codePointAt(end);
                boolean space = Character.isWhitespace(character);
                if (spaceSeen && !space) {
                    break;
                }
                spaceSeen = space;
                end += Character.charCount(character);
            }
            return end;
        }
    }

    /** Tool calls one after the other, each begun and then given its arguments. */
    private static final class CallDeltas implements Iterator<ObjectNode> {
        private final EchoAnswer answer;
        private int step;

        CallDeltas(EchoAnswer answer) {
            this.answer = answer;
        }

        @Override
        public boolean hasNext() {
            return step < 1 + 2 * answer.calls().size();
        }

        @Override
        public ObjectNode next() {
            int now = step++;
            if (now == 0) {
                return opening().putNull("content").putNull("refusal");
            }
            int index = (now - 1) / 2;
            EchoAnswer.Call call = answer.calls().get(index);
            ObjectNode toolCall = NODES.objectNode().put("index", index);
            if (now % 2 == 1) {
                toolCall.setAll(EchoWire.toolCall(call, ""));
            } else {
                toolCall.putObject("function").put("arguments", call.arguments());
            }
            ObjectNode delta = NODES.objectNode();
            delta.putArray("tool_calls").add(toolCall);
            return delta;
        }
    }
}
