package dev.tollgate.dialect;

import dev.tollgate.chat.StreamEvent;
import org.jspecify.annotations.Nullable;

/** Watches a stream by reading it whole, for dialects whose streams are rarely passed through. */
public final class ReadingObserver implements StreamObserver {
    private final Dialect.EventReader reader;
    private final StreamFacts facts = new StreamFacts();

    public ReadingObserver(Dialect.EventReader reader) {
        this.reader = reader;
    }

    @Override
    public Sight see(Frame frame) {
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
        return most;
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
        return facts.complete() || facts.lacksOnlyItsEnd();
    }

    @Override
    public long characters() {
        return facts.characters();
    }

    @Override
    public boolean isWorking() {
        return reader.isWorking();
    }
}
