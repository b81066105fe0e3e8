package dev.tollgate.dialect.openairesponses;

import dev.tollgate.dialect.Frame;
import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The frames of a stream, numbered in their order. Each bears its type as its name. */
final class Numbered {
    private final List<Frame> frames = new ArrayList<>(2);
    private long next;

    void add(ObjectNode event) {
        event.put("sequence_number", next++);
        frames.add(new Frame(event.path("type").stringValue(), Json.text(event)));
    }

    /** The number of the next frame. */
    long next() {
        return next;
    }

    /** The frames since they were last taken. */
    List<Frame> taken() {
        List<Frame> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }
}
