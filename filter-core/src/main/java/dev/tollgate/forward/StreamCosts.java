package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.account.Charge;
import dev.tollgate.account.Overrun;
import dev.tollgate.account.Used;
import dev.tollgate.stream.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * What a streamed answer costs: watched while it is being produced, and settled before the last of it goes out. Used only in the
 * call's lane.
 */
final class StreamCosts {
    private final Tries tries;
    private final Call call;
    private final Charge charge;
    private final StreamSource source;
    private final Outbox outbox;
    private final Runnable onChange;
    private @Nullable Overrun overrun;
    private boolean settled;
    private boolean looking;

    /** @param onChange called in the lane when something has been decided that was waited for */
    StreamCosts(Tries tries, Charge charge, StreamSource source, Outbox outbox, Runnable onChange) {
        this.tries = tries;
        this.call = tries.call();
        this.charge = charge;
        this.source = source;
        this.outbox = outbox;
        this.onChange = onChange;
    }

    /** What the answer has used so far. */
    Used used() {
        return source.used(charge);
    }

    /** The answer is the caller's from now on. */
    void served() {
        overrun = call.account().overrun(charge);
    }

    /**
     * Settles an answer that has come to its end, and asks for more for one that has grown beyond what was reserved for it.
     *
     * @param left that its caller has left, or null while it has not
     */
    void look(@Nullable Refusal left) {
        looking = true;
        try {
            if (overrun != null && !source.isEnding() && overrun.isPassed(source.characters())) {
                ask(overrun);
            }
            if (source.isEnding()) {
                settle(left == null ? source.trouble() : left);
            }
        } finally {
            looking = false;
        }
    }

    private void ask(Overrun more) {
        tries.lane().take(more.ask(), (granted, refused) -> {
            if (refused == null) {
                more.granted(source.characters());
            } else if (refused instanceof Refusal refusal) {
                source.refuse(refusal);
            } else {
                throw new IllegalStateException("nobody says whether there is more", refused);
            }
            decided();
        });
    }

    /**
     * Settles the answer, once; what the outbox holds goes out when that is written down.
     *
     * @param trouble what has become of the answer, or null when it is whole
     */
    void settle(@Nullable Refusal trouble) {
        if (settled) {
            return;
        }
        settled = true;
        ErrorCode error = trouble == null ? null : trouble.code();
        call.answered(source.facts());
        charge.close(error, used());
        tries.lane().take(call.account().close(status(), error), (written, failure) -> {
            if (failure instanceof Refusal refusal && source.trouble() == null) {
                source.takeBack(refusal);
            }
            outbox.letGo();
            decided();
        });
    }

    /** Those who have not begun to read are sent this status all the same. */
    private int status() {
        return call.status() == 0 ? 200 : call.status();
    }

    private void decided() {
        if (!looking) {
            onChange.run();
        }
    }
}
