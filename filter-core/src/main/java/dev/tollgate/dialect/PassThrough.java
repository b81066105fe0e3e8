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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** The way between a caller and a target of one dialect: bytes stay as they are, but for a few spliced values. */
final class PassThrough implements Translation {
    private final Passage passage;
    private final byte[] requestBody;
    private final List<String> dropped = new ArrayList<>();
    private final boolean usageIsHidden;

    PassThrough(Passage passage, JsonDocument body) {
        this.passage = passage;
        Splices splices =
                passage.targets().splices(body, passage.target().provider().quirks(), passage.stream());
        Map<String, @Nullable JsonNode> members = new LinkedHashMap<>(splices.members());
        for (String refused : passage.target().provider().quirks().drops()) {
            members.remove(refused);
            if (body.has(refused)) {
                members.put(refused, null);
                dropped.add(refused);
            }
        }
        String model = passage.target().model();
        if (!body.text("model").equals(Optional.of(model))) {
            members.put("model", StringNode.valueOf(model));
        }
        this.requestBody = members.isEmpty() ? body.bytes() : body.with(members);
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
    public Streamed stream() {
        return new Stream();
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

        @Override
        public Step accept(Frame frame, ByteBuffer raw) {
            Sight sight = see(frame);
            boolean hidden = usageIsHidden && sight == Sight.USAGE_ONLY;
            return new Step(hidden ? List.of() : List.of(raw), sight);
        }

        /** Whatever the observer stumbles over, the caller's bytes flow on. */
        private Sight see(Frame frame) {
            try {
                return observer.see(frame);
            } catch (RuntimeException e) {
                return Sight.CONTENT;
            }
        }

        @Override
        public ByteBuffer failure(Refusal refusal) {
            return Answers.encode(passage.callers().errorFrames(refusal, passage.callId()));
        }

        @Override
        public ByteBuffer heartbeat() {
            return SseFrames.encode(passage.callers().heartbeat());
        }

        @Override
        public AnswerFacts facts() {
            return observer.facts();
        }

        @Override
        public boolean complete() {
            return observer.complete();
        }

        @Override
        public @Nullable Refusal failed() {
            StreamEvent.Failed failure = observer.failure();
            return failure == null ? null : Answers.refusal(failure);
        }

        @Override
        public long characters() {
            return observer.characters();
        }
    }
}
