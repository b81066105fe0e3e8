package dev.tollgate.dialect;

import dev.tollgate.Refusal;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.dialect.StreamObserver.Sight;
import dev.tollgate.json.JsonDocument;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The way between a caller and a target of one dialect: bytes stay as they are, but for a few spliced values. */
final class PassThrough implements Translation {
    private final Passage passage;
    private final byte[] requestBody;
    private final List<String> dropped = new ArrayList<>();
    private final boolean usageIsHidden;
    private final @Nullable TranslatedStream resumable;

    PassThrough(Passage passage, JsonDocument body) {
        this(passage, body, false);
    }

    /** @param resumes whether another target may go on with a streamed answer, which is then read and written anew */
    PassThrough(Passage passage, JsonDocument body, boolean resumes) {
        this.passage = passage;
        this.resumable = resumes ? Translated.again(passage, body) : null;
        Splices splices =
                passage.targets().splices(body, passage.target().provider().quirks(), passage.stream());
        Map<String, @Nullable JsonNode> members = new LinkedHashMap<>(splices.members());
        dropped.addAll(splices.dropped());
        BetaFeatures.tell(passage, body, members, dropped);
        this.requestBody =
                RequestBytes.passed(body, passage.targets(), passage.way(), passage.target(), members, dropped::add);
        this.usageIsHidden = splices.asksForUsage();
    }

    @Override
    public byte[] requestBody() {
        return requestBody;
    }

    @Override
    public List<String> dropped() {
        return List.copyOf(dropped);
    }

    @Override
    public Whole answer(byte[] body) throws BadAnswer {
        try {
            return new Whole(body, passage.targets().facts(Answers.read(body)));
        } catch (JacksonException e) {
            throw new BadAnswer("a value of the provider's answer has the wrong type");
        }
    }

    @Override
    public Streamed stream(Framing answers) {
        return resumable == null ? new Stream(answers.equals(passage.framing())) : resumable;
    }

    @Override
    public boolean isResumable() {
        return resumable != null;
    }

    @Override
    public boolean mayStreamArrays() {
        return passage.targets().mayStreamArrays();
    }

    @Override
    public ProviderError error(int status, byte[] body) {
        return Answers.error(passage.targets(), status, body);
    }

    @Override
    public byte @Nullable [] errorAsIs(int status, byte[] body) {
        return Answers.isErrorShape(passage.callers(), body) ? body : null;
    }

    private final class Stream implements Streamed {
        private final StreamObserver observer = passage.targets().observer();
        private final FrameWriter wire = passage.framing().writer();
        private final boolean verbatim;
        private StreamEvent.@Nullable Failed exception;

        /** @param verbatim whether both sides put their streams on the wire alike */
        Stream(boolean verbatim) {
            this.verbatim = verbatim;
        }

        @Override
        public Step accept(Frame frame, ByteBuffer raw) throws BadAnswer {
            Sight sight = see(frame);
            boolean hidden = usageIsHidden && sight == Sight.USAGE_ONLY;
            return new Step(hidden ? List.of() : out(frame, raw, sight), sight);
        }

        private List<ByteBuffer> out(Frame frame, ByteBuffer raw, Sight sight) throws BadAnswer {
            if (verbatim) {
                wire.passed(frame, raw);
                return List.of(raw);
            }
            if (frame.equals(Frame.COMMENT) || sight == Sight.ERROR) {
                return List.of();
            }
            if (wire.takesOnlyJson() && !Answers.isJson(frame.data())) {
                throw new BadAnswer("an event of the provider's stream is malformed");
            }
            return List.of(wire.encode(passage.callers().named(frame)));
        }

        @Override
        public boolean isVerbatim() {
            return verbatim;
        }

        @Override
        public ByteBuffer rest(ByteBuffer remainder) {
            return verbatim ? wire.rest(remainder) : FrameWriter.NOTHING.duplicate();
        }

        /** Whatever the observer stumbles over, the caller's bytes flow on. */
        private Sight see(Frame frame) {
            exception = exception == null ? ExceptionFrames.read(frame) : exception;
            if (exception != null) {
                return Sight.ERROR;
            }
            try {
                return observer.see(frame);
            } catch (RuntimeException e) {
                return Sight.CONTENT;
            }
        }

        @Override
        public ByteBuffer failure(Refusal refusal) {
            return Answers.encode(wire, passage.callers().errorFrames(refusal, passage.callId()));
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
            return observer.facts();
        }

        @Override
        public boolean complete() {
            return exception == null && observer.complete();
        }

        @Override
        public @Nullable Refusal failed() {
            StreamEvent.Failed failure = exception != null ? exception : observer.failure();
            return failure == null ? null : Answers.refusal(failure);
        }

        @Override
        public long characters() {
            return observer.characters();
        }

        @Override
        public boolean isWorking() {
            return observer.isWorking();
        }
    }
}
