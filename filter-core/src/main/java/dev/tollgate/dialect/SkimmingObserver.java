package dev.tollgate.dialect;

import dev.tollgate.chat.StreamEvent;
import org.jspecify.annotations.Nullable;

/** Watches a stream whose deltas, which are nearly all of it, are skimmed and not parsed; the other frames are read. */
public final class SkimmingObserver implements StreamObserver {

    /** How the frames of a dialect are told apart. */
    public interface Glance {
        /** Looks at the next frame; the observer skims or reads it where that is worth it. */
        Sight see(Frame frame, SkimmingObserver observer);

        /** Whether the provider is at something that it does not show as it goes. */
        default boolean isWorking() {
            return false;
        }
    }

    private final Dialect.EventReader reader;
    private final Glance glance;
    private final boolean endsWithReason;
    private final StreamFacts facts = new StreamFacts();
    private long characters;

    private SkimmingObserver(Dialect.EventReader reader, Glance glance, boolean endsWithReason) {
        this.reader = reader;
        this.glance = glance;
        this.endsWithReason = endsWithReason;
    }

    /** Of a dialect with a mark of its own for the end. */
    public static SkimmingObserver toTheEnd(Dialect.EventReader reader, Glance glance) {
        return new SkimmingObserver(reader, glance, false);
    }

    /** Of a dialect whose answers are whole with their reason; what comes after it is not part of them. */
    public static SkimmingObserver toTheReason(Dialect.EventReader reader, Glance glance) {
        return new SkimmingObserver(reader, glance, true);
    }

    @Override
    public Sight see(Frame frame) {
        return glance.see(frame, this);
    }

    /** Counts the characters of the members whose strings are the answer, and says whether there were any. */
    public boolean skim(String data, String... members) {
        long before = characters;
        for (String member : members) {
            characters += JsonSkim.characters(data, member);
        }
        return characters > before;
    }

    /** Reads a frame like everywhere else. */
    public Sight read(Frame frame) {
        Sight most = Sight.PREAMBLE;
        try {
            for (StreamEvent event : reader.read(frame)) {
                Sight sight = facts.note(event);
                most = sight.compareTo(most) > 0 ? sight : most;
            }
        } catch (BadAnswer | RuntimeException unreadable) {
            // What cannot be read is no news; the caller gets the bytes all the same.
            return most;
        }
        // No frame is of usage alone because the provider was asked for one, so none may be hidden.
        return most == Sight.USAGE_ONLY ? Sight.PREAMBLE : most;
    }

    @Override
    public AnswerFacts facts() {
        return facts.facts();
    }

    @Override
    public StreamEvent.@Nullable Failed failure() {
        return facts.failed();
    }

    @Override
    public boolean complete() {
        boolean whole = endsWithReason ? facts.finished() : facts.complete();
        return whole && facts.failed() == null;
    }

    @Override
    public long characters() {
        return characters;
    }

    @Override
    public boolean isWorking() {
        return glance.isWorking();
    }
}
