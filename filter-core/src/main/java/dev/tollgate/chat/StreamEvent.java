package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of a streamed answer. {@code choice} is the index of the alternative answer; {@code part} numbers the parts of that
 * answer in the order they begin, so that parts which arrive interleaved can be told apart.
 */
public sealed interface StreamEvent {

    /** A step of one part of one of the alternative answers. */
    sealed interface OfPart extends StreamEvent {
        int choice();

        int part();
    }

    /** The answer begins. {@code usage} is what is known at this point (Anthropic reports its input here), or null. */
    record Start(
            String id,
            String model,
            @Nullable Long created,
            @Nullable Usage usage,
            Extras extras) implements StreamEvent {}

    /** More text of a text part. */
    record TextDelta(int choice, int part, String text) implements OfPart {}

    /** More of the reasoning shown. */
    record ReasoningDelta(int choice, int part, String text) implements OfPart {}

    /** The proof that belongs to a reasoning part: a signature, or a whole redacted block. */
    record ReasoningProof(int choice, int part, Opaque proof) implements OfPart {}

    /** A whole image, document or sound in the answer. */
    record MediaPart(int choice, int part, Part.Media media) implements OfPart {}

    /** A source for the text of a part. */
    record Cited(int choice, int part, Citation citation) implements OfPart {}

    /** How likely the tokens were that came last. */
    record Chances(int choice, List<TokenChance> chances) implements StreamEvent {
        public Chances {
            chances = List.copyOf(chances);
        }
    }

    /** What the maker of a tool call wants back with it. */
    record ToolCallProof(int choice, int part, Opaque proof) implements OfPart {}

    /** A tool call begins. */
    record ToolCallStart(int choice, int part, String id, String name) implements OfPart {}

    /** More of a tool call's arguments, as JSON text. */
    record ToolCallDelta(int choice, int part, String arguments) implements OfPart {}

    /** More of the model's words of refusal. */
    record DeclinedDelta(int choice, int part, String text) implements OfPart {}

    /** A part of one dialect's own, a piece of one, or a field that stood beside a delta; {@code type} is its name there. */
    record ForeignDelta(int choice, int part, String type, Opaque whole) implements OfPart {}

    /** A part is complete. */
    record PartEnd(int choice, int part) implements OfPart {}

    /** One of the alternative answers is complete. */
    record Finish(int choice, FinishReason reason, Extras extras) implements StreamEvent {}

    /** What the answer has used so far; the last one counts, each replaces the one before. */
    record UsageReport(Usage usage) implements StreamEvent {}

    /** The provider failed in the middle of the stream. {@code type} is its own word for it, or null. */
    record Failed(@Nullable String type, @Nullable String code, String message) implements StreamEvent {}

    /** The provider's own mark that the stream is whole ({@code [DONE]}, {@code message_stop}). */
    record Done() implements StreamEvent {}
}
