package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.account.Charge;
import dev.tollgate.account.Used;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Continuation;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.dialect.FrameWriter;
import dev.tollgate.dialect.Framing;
import dev.tollgate.dialect.StreamObserver.Sight;
import dev.tollgate.dialect.Translation;
import dev.tollgate.forward.Reply.Made;
import dev.tollgate.json.Json;
import dev.tollgate.stream.Outbox;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The provider's side of a streamed answer: what becomes of what it sends, put into the caller's outbox, and whether the answer
 * is good, whole or broken.
 */
final class StreamSource {
    private final Call call;
    private final Attempt attempt;
    private final Flight flight;
    private final Translation.Streamed streamed;
    private final FrameReader reader;
    private final Window window;
    private final Outbox outbox;

    private boolean begun;
    private boolean committed;
    private boolean good;
    private boolean told;
    private ByteBuffer restOfSign = FrameWriter.NOTHING;
    private int signs;
    private boolean ending;
    private boolean done;
    private boolean goesOn;
    private boolean broken;
    private boolean untold;
    private @Nullable String mark;
    private @Nullable Refusal trouble;
    private @Nullable Shortfall shortfall;
    private @Nullable Made made;

    /** @param framing how the answer is put on the wire */
    StreamSource(Call call, Attempt attempt, Flight flight, Framing framing, Window window, Outbox outbox) {
        this.call = call;
        this.attempt = attempt;
        this.flight = flight;
        this.streamed = attempt.translation().stream(framing);
        this.reader = framing.reader();
        this.window = window;
        this.outbox = outbox;
    }

    // --- how far it is

    /** Whether an event has come, if only a comment. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * How many events have said that the answer goes on: its content, and while the provider works unseen any event. Others only
     * say that the connection is alive.
     */
    int signs() {
        return signs;
    }

    /** Whether the provider is at something that it does not show as it goes. */
    boolean isWorking() {
        return streamed.isWorking();
    }

    /** Whether content has come, or the end. */
    boolean isGood() {
        return good;
    }

    /** Whether what the answer came to is known, so that what is added from now on is the last of it. */
    boolean isEnding() {
        return ending;
    }

    /** Whether nothing more is wanted of the provider. */
    boolean isDone() {
        return done;
    }

    /** Whether the answer is whole, though more may come. */
    boolean isWhole() {
        return trouble == null && streamed.complete();
    }

    /** What went wrong after the answer was committed to. */
    @Nullable
    Refusal trouble() {
        return trouble;
    }

    /** What went wrong before the answer was committed to, so that another target may be asked. */
    @Nullable
    Shortfall shortfall() {
        return shortfall;
    }

    @Nullable
    Made made() {
        return made;
    }

    /** The caller gets this answer and no other. */
    void commit() {
        committed = true;
    }

    /** Whether it has broken off where another target could go on, and the caller has not been told. */
    boolean isBroken() {
        return broken;
    }

    /** What the caller has been told, as another target is asked to go on from there; only of one that is broken. */
    Continuation soFar(Used used) {
        String text = streamed.soFar();
        Usage usage = used.usage();
        return new Continuation(text == null ? "" : text, usage == null ? 0 : usage.output());
    }

    /**
     * Makes this go on with what another target has begun.
     *
     * @param used what the targets before have used
     */
    void goOnAfter(StreamSource before, Usage used) {
        goesOn = true;
        streamed.goOnAfter(before.streamed, used);
        mark = "resumed by " + attempt.candidate().label().replaceAll("\\p{Cntrl}", " ");
    }

    // --- what the provider sends

    void take(byte[] bytes) {
        window.take(bytes.length);
        try {
            reader.feed(ByteBuffer.wrap(bytes), this::frame);
        } catch (BadAnswer bad) {
            interrupted(String.valueOf(bad.getMessage()));
        }
    }

    private void frame(Frame frame, ByteBuffer raw) throws BadAnswer {
        if (done || told) {
            return; // the first end counts, and nothing after it
        }
        begun = true;
        if (made == null && "response.created".equals(frame.event())) {
            made = created(frame);
        }
        boolean working = streamed.isWorking();
        Translation.Step step = streamed.accept(frame, raw);
        Refusal failed = streamed.failed();
        if (failed != null && !committed) {
            fallShort(attempt.shortfalls().failedStream(attempt.status(), failed));
            return;
        }
        if (isSign(frame, step.sight(), working)) {
            signs++;
        }
        if (step.sight() == Sight.END) {
            told = true;
            beginEnd();
        }
        if (goesOn && (step.sight() == Sight.CONTENT || step.sight() == Sight.END)) {
            committed = true; // before the caller has any of it
        }
        if (mark != null && !step.out().isEmpty()) {
            write(streamed.comment(mark));
            mark = null;
        }
        step.out().forEach(this::write);
        if (failed != null) {
            fail(failed, !streamed.isVerbatim());
        } else if (step.sight() == Sight.CONTENT || step.sight() == Sight.END) {
            good = true;
        }
    }

    private boolean isSign(Frame frame, Sight sight, boolean wasWorking) {
        boolean unseen = (wasWorking || streamed.isWorking()) && !frame.equals(Frame.COMMENT);
        return unseen || sight == Sight.CONTENT || sight == Sight.END;
    }

    private @Nullable Made created(Frame frame) {
        if (!attempt.way().dialect().equals(Made.STORING)) {
            return null;
        }
        try {
            String id = Json.read(frame.data()).path("response").path("id").asString("");
            return id.isEmpty() ? null : new Made(id, attempt.candidate());
        } catch (JacksonException notOurs) {
            return null; // whoever reads the stream itself says what is wrong with it
        }
    }

    /**
     * Begins a sign of life, of which the last part is kept for {@link #endSign}: only the second of two writes fails on a
     * connection that the other side has closed.
     */
    void beginSign() {
        ByteBuffer sign = streamed.heartbeat().slice();
        int first = Math.min(1, sign.remaining());
        write(sign.slice(0, first));
        restOfSign = sign.slice(first, sign.remaining() - first);
    }

    /** Ends the sign of life that was begun, if there is one. */
    void endSign() {
        ByteBuffer rest = restOfSign;
        restOfSign = FrameWriter.NOTHING;
        outbox.add(rest, window.received());
    }

    boolean isInSign() {
        return restOfSign.hasRemaining();
    }

    private void write(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            endSign();
            outbox.add(bytes, window.received());
        }
    }

    // --- its ends

    void ended() {
        try {
            reader.end(this::frame);
        } catch (BadAnswer bad) {
            interrupted(String.valueOf(bad.getMessage()));
        }
        if (endsWhole()) {
            addRemainder();
            succeed();
        } else {
            interrupted("its stream ended before the answer was whole");
        }
    }

    /** No more of it comes, or is waited for, though the provider has not ended it. */
    void stopped(String what) {
        if (endsWhole()) {
            succeed();
        } else {
            interrupted(what);
        }
    }

    /** No more of it comes, since the gateway is closing. */
    void closing(Shortfall why) {
        if (endsWhole()) {
            succeed();
        } else if (!committed) {
            fallShort(why);
        } else if (!done) {
            fail(why.refusal(), true);
        }
    }

    /** Whether the answer is whole now that no more of it comes; the caller gets what ends it where the provider left that out. */
    private boolean endsWhole() {
        if (!done) {
            List<ByteBuffer> last = streamed.end();
            if (streamed.complete()) {
                beginEnd();
            }
            last.forEach(this::write);
        }
        return streamed.complete();
    }

    /** The last of the answer waits until the call is settled, which is done once. */
    private void beginEnd() {
        if (!ending) {
            ending = true;
            outbox.hold();
        }
    }

    /** What came after the last whole event is passed on too, where all bytes are. */
    private void addRemainder() {
        if (!done && reader.hasRemainder()) {
            write(streamed.rest(reader.remainder()));
        }
    }

    private void succeed() {
        if (!done) {
            good = true;
            done = true;
            beginEnd();
            write(streamed.close());
            flight.abort();
        }
    }

    /** The answer will not become whole. Before it is committed to another target may be asked. */
    private void interrupted(String what) {
        if (done) {
            return;
        }
        if (committed) {
            String message = attempt.candidate().label() + ": " + what;
            fail(new Refusal(ErrorCode.PROVIDER_STREAM_INTERRUPTED, message), true);
        } else {
            fallShort(attempt.shortfalls().badAnswer(attempt.status(), what));
        }
    }

    private void fallShort(Shortfall why) {
        done = true;
        shortfall = why;
    }

    /** @param isUntold whether the caller has still to be told */
    private void fail(Refusal refusal, boolean isUntold) {
        done = true;
        trouble = refusal;
        untold = isUntold;
        flight.abort();
        broken = isPassing(refusal.code()) && streamed.soFar() != null && !isStored();
        if (!broken) {
            tell(refusal);
        }
    }

    /** Whether its caller may refer to it as something that its provider has stored. */
    private boolean isStored() {
        return made != null && call.endpoint().format().id().equals(Made.STORING);
    }

    /** Whether another target may do better. */
    private static boolean isPassing(ErrorCode code) {
        return switch (code) {
            case PROVIDER_STREAM_INTERRUPTED, PROVIDER_OVERLOADED, PROVIDER_RATE_LIMITED, PROVIDER_SERVER_ERROR -> true;
            default -> false;
        };
    }

    private void tell(Refusal refusal) {
        beginEnd();
        if (untold) {
            write(streamed.failure(refusal));
        }
        write(streamed.close());
    }

    /** Nobody goes on with what has broken off: the caller is told why it did. */
    void giveUp(Refusal why) {
        broken = false;
        done = true;
        untold = true;
        shortfall = null;
        trouble = why;
        tell(why);
    }

    /** The caller is not to have the rest of an answer that has been committed to; one that has come to its end it has. */
    void refuse(Refusal refusal) {
        if (!done && !ending) {
            fail(refusal, true);
        }
    }

    /** The caller is told of a failure in the place of the last of its answer, which is not to be had. */
    void takeBack(Refusal refusal) {
        outbox.dropHeld();
        done = true;
        trouble = refusal;
        flight.abort();
        write(streamed.failure(refusal));
        write(streamed.close());
    }

    // --- what it came to

    /** Characters of answer so far. */
    long characters() {
        return streamed.characters();
    }

    AnswerFacts facts() {
        return streamed.facts();
    }

    /** What the answer has used, by the provider's own word where it is whole. */
    Used used(Charge charge) {
        Usage reported = streamed.facts().usage();
        long characters = streamed.characters();
        if (reported != null && streamed.complete()) {
            return Used.reported(reported, characters);
        }
        if (streamed.failed() != null && reported == null && characters == 0) {
            return Used.NOTHING; // an error in the place of an answer
        }
        return call.account().unreported(charge, reported, characters);
    }
}
