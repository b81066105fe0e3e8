package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call for the vectors of some inputs, in no provider's format.
 *
 * @param model the model name as the caller gave it; empty where it stands outside the body
 * @param dimensions how long the vectors are to be; null for the model's own length
 * @param base64 whether the caller wants vectors as base64 of little-endian 32-bit floats
 * @param task what the vectors are for, or null
 * @param user the caller's own name for its end user, or null
 * @param extras fields that only the caller's format knows
 */
public record EmbedRequest(
        String model,
        List<Input> inputs,
        @Nullable Long dimensions,
        boolean base64,
        @Nullable Task task,
        @Nullable String user,
        Extras extras) {

    public EmbedRequest {
        inputs = List.copyOf(inputs);
    }

    /** The same call for another model. */
    public EmbedRequest to(String other) {
        return new EmbedRequest(other, inputs, dimensions, base64, task, user, extras);
    }

    /** What one vector is to be made of. */
    public sealed interface Input {
        /** Plain text; {@code title} is that of the document it is from, or null. */
        record Text(String text, @Nullable String title, Extras extras) implements Input {}

        /** The model's own tokens, by number. */
        record Tokens(List<Long> ids) implements Input {
            public Tokens {
                ids = List.copyOf(ids);
            }
        }

        /** What only one format can say: images, several pieces in one. */
        record Foreign(Opaque whole, Extras extras) implements Input {}
    }

    /** What vectors may be for. */
    public enum Task {
        QUERY,
        DOCUMENT,
        SIMILARITY,
        CLASSIFICATION,
        CLUSTERING,
        QUESTION_ANSWERING,
        FACT_VERIFICATION,
        CODE_QUERY
    }
}
