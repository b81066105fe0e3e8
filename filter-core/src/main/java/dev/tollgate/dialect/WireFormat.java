package dev.tollgate.dialect;

import dev.tollgate.json.JsonDocument;
import java.util.OptionalLong;

/** A form that calls of one kind have on the wire: of chats, of counts of their tokens, of embeddings, of rerankings. */
public interface WireFormat {

    /** The name it has in {@code providers.yaml} and in records, for example "anthropic". */
    String id();

    /** What the top level of a request must look like, whether it is read or passed through. */
    Shape shape();

    /** Whether the path of a request says the model and whether to stream, rather than its body. */
    default boolean modelInPath() {
        return false;
    }

    /**
     * How many output tokens one answer to a request may have, by the request's own word; empty where it does not say. Zero where
     * answers have none that anybody counts.
     */
    default OptionalLong mostOutput(JsonDocument body) {
        return OptionalLong.of(0);
    }

    /** How many answers a request asks for, at least one. */
    default long answers(JsonDocument body) {
        return 1;
    }
}
