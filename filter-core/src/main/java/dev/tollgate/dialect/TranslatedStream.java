package dev.tollgate.dialect;

import dev.tollgate.Refusal;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.StreamObserver.Sight;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** One streamed answer on its way from one dialect into another. What follows its end or its failure is ignored. */
final class TranslatedStream implements Translation.Streamed {
    private static final Translation.Step NOTHING = new Translation.Step(List.of(), Sight.PREAMBLE);

    private final Passage passage;
    private final SafeNames names;
    private final Dialect.EventReader reader;
    private Dialect.EventWriter writer;
    private FrameWriter wire;
    private @Nullable Seam seam;
    private final StreamFacts facts = new StreamFacts();

    /** @param seam notes what is told, where the stream may be gone on with; else null */
    TranslatedStream(
            Passage passage,
            SafeNames names,
            Dialect.EventReader reader,
            Dialect.EventWriter writer,
            @Nullable Seam seam) {
        this.passage = passage;
        this.names = names;
        this.reader = reader;
        this.writer = writer;
        this.seam = seam;
        this.wire = passage.framing().writer();
    }

    @Override
    public Translation.Step accept(Frame frame, ByteBuffer raw) throws BadAnswer {
        if (facts.complete() || facts.failed() != null || frame.equals(Frame.COMMENT)) {
            return NOTHING;
        }
        List<Frame> frames = new ArrayList<>();
        Sight sight = Sight.PREAMBLE;
        for (StreamEvent told : read(frame)) {
            StreamEvent event = names.back(Answers.named(told, passage));
            if (event instanceof StreamEvent.Done && !facts.finished()) {
                // Servers that put their mark wherever their stream ends, cut or not, would have us invent a reason.
                throw new BadAnswer("the provider ended its stream without a reason why its answer is over");
            }
            Sight one = facts.note(event);
            sight = one.compareTo(sight) > 0 ? one : sight;
            if (facts.failed() != null) {
                break;
            }
            frames.addAll(written(event));
        }
        return new Translation.Step(frames.isEmpty() ? List.of() : List.of(Answers.encode(wire, frames)), sight);
    }

    private List<Frame> written(StreamEvent event) throws BadAnswer {
        StreamEvent told = seam == null ? event : seam.tell(event);
        return told == null ? List.of() : writer.write(told);
    }

    @Override
    public @Nullable String soFar() {
        return seam == null ? null : seam.text();
    }

    @Override
    public void goOnAfter(Translation.Streamed before, Usage used) {
        if (!(before instanceof TranslatedStream first) || first.seam == null) {
            throw new IllegalStateException("what broke off cannot be gone on with");
        }
        writer = first.writer;
        wire = first.wire;
        seam = first.seam;
        seam.goOn(used);
    }

    @Override
    public ByteBuffer comment(String line) {
        return wire.comment(line);
    }

    @Override
    public List<ByteBuffer> end() {
        List<Frame> frames = new ArrayList<>();
        try {
            for (StreamEvent event : ending()) {
                frames.addAll(written(names.back(event)));
                facts.note(event);
            }
        } catch (BadAnswer unsayable) {
            return List.of(); // and the answer is not complete
        }
        return frames.isEmpty() ? List.of() : List.of(Answers.encode(wire, frames));
    }

    /** What the end of the provider's stream means. */
    private List<StreamEvent> ending() {
        if (facts.complete() || facts.failed() != null) {
            return List.of();
        }
        List<StreamEvent> told = reader.end();
        return told.isEmpty() && facts.lacksOnlyItsEnd() ? List.of(new StreamEvent.Done()) : told;
    }

    private List<StreamEvent> read(Frame frame) throws BadAnswer {
        try {
            StreamEvent.Failed exception = ExceptionFrames.read(frame);
            return exception == null ? reader.read(frame) : List.of(exception);
        } catch (JacksonException e) {
            throw new BadAnswer("an event of the provider's stream is malformed");
        }
    }

    @Override
    public ByteBuffer failure(Refusal refusal) {
        List<Frame> frames = writer.failure(refusal, passage.callId());
        return Answers.encode(wire, frames == null ? passage.callers().errorFrames(refusal, passage.callId()) : frames);
    }

    @Override
    public ByteBuffer close() {
        return wire.end();
    }

    @Override
    public ByteBuffer heartbeat() {
        return wire.encode(passage.callers().heartbeat());
    }

    @Override
    public AnswerFacts facts() {
        return facts.facts();
    }

    @Override
    public boolean complete() {
        return facts.complete();
    }

    @Override
    public @Nullable Refusal failed() {
        StreamEvent.Failed failed = facts.failed();
        return failed == null ? null : Answers.refusal(failed);
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
