package dev.tollgate.receive;

import dev.tollgate.BodySource;
import dev.tollgate.json.JsonDocument;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call that is not translated: none, a JSON document, or a form of which the beginning is there and the rest
 * still to come.
 *
 * @param contentType what the provider is told it is; null where there is none
 * @param document the document, where it is one
 * @param head the beginning of a form
 * @param ended whether the beginning is all of it
 * @param scanner what has looked through the beginning for the model; null where none is looked for
 * @param source where the rest comes from; null where nothing was left to be read in pieces
 */
public record Upload(
        @Nullable String contentType,
        @Nullable JsonDocument document,
        List<Piece> head,
        boolean ended,
        @Nullable FormScanner scanner,
        @Nullable BodySource source) {
    public static final Upload NONE = new Upload(null, null, List.of(), true, null, null);

    /** Some bytes of a form, or the value of its field {@code model}. */
    public record Piece(
            @Nullable ByteBuffer bytes, @Nullable String model) {}

    public Upload {
        head = List.copyOf(head);
    }

    static Upload of(JsonDocument document) {
        return new Upload("application/json", document, List.of(), true, null, null);
    }

    /** The model that a form names in its beginning. */
    public Optional<String> formModel() {
        return head.stream()
                .flatMap(piece -> Optional.ofNullable(piece.model()).stream())
                .findFirst();
    }

    /** Whether it can be sent a second time. */
    public boolean isRepeatable() {
        return ended;
    }

    /** How many bytes the caller says a form has, or -1. */
    public long declared() {
        return source == null ? -1 : source.declared();
    }

    /** Wants no more of it; completes when nothing more is read. */
    public CompletionStage<Void> discard() {
        return ended || source == null ? CompletableFuture.completedFuture(null) : source.discard();
    }

    /** Gathers what a scanner hands on. */
    static final class Gathering implements FormScanner.Output {
        final List<Piece> pieces = new ArrayList<>();
        long size;

        @Override
        public void bytes(ByteBuffer bytes) {
            pieces.add(new Piece(bytes, null));
            size += bytes.remaining();
        }

        @Override
        public void model(String value) {
            pieces.add(new Piece(null, value));
            size += value.length();
        }

        @Override
        public void ending() {
            // whether it may end is asked when it is sent
        }
    }
}
