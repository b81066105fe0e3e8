package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** What the operator is told of the tries of calls. */
final class TryLog {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());

    private TryLog() {}

    /**
     * A try has not answered.
     *
     * @param next what is done about it; null when nothing is
     */
    static void fellShort(Call call, Try by, Shortfall shortfall, @Nullable String next) {
        LOG.log(
                levelOf(shortfall.code(), next != null),
                () -> call.id() + ": " + by.admission().label() + " fell short: "
                        + shortfall.code().id() + " (" + shortfall.detail() + ")"
                        + (next == null ? "" : "; trying " + next));
    }

    /** Louder where a failure cost a caller its answer. */
    private static Level levelOf(ErrorCode code, boolean another) {
        if (code == ErrorCode.CALLER_CANCELLED || code == ErrorCode.GATEWAY_HEDGE_LOST) {
            return Level.DEBUG;
        }
        boolean expected = another || code == ErrorCode.PROVIDER_REJECTED || code.isCallers();
        return expected ? Level.INFO : Level.WARNING;
    }

    /** A target is not asked, though it was its turn. */
    static void passedOver(Call call, String target, String why) {
        LOG.log(Level.DEBUG, () -> call.id() + ": " + target + " is passed over: " + why);
    }

    /** A call is not tried again, though it might help. */
    static void notAgain(Call call) {
        LOG.log(Level.INFO, () -> call.id() + ": not tried again, since too many calls are");
    }

    /** The gateway has failed. */
    static void crashed(Call call, Throwable fault) {
        LOG.log(Level.ERROR, "a fault of the gateway's own in " + call.id(), fault);
    }
}
