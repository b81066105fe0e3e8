package dev.tollgate.forward;

import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.health.Trial;
import dev.tollgate.health.Verdict;
import dev.tollgate.health.Verdict.Kind;
import dev.tollgate.load.Load.Ending;
import dev.tollgate.load.Load.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt as the health of its target and the load on it see it: taken before it begins, and let go once, when nothing more
 * is wanted of the target. What comes after that changes nothing. Used only in the call's lane.
 */
final class Visit {
    private final Trial trial;
    private final Place place;
    private boolean content;
    private boolean over;

    Visit(Trial trial, Place place) {
        this.trial = trial;
        this.place = place;
    }

    /** The head of the answer has come. */
    void heard(int status, List<Header> headers) {
        if (!over) {
            trial.heard(status, headers);
        }
    }

    /** Content of the answer has come; the first time counts. */
    void firstContent() {
        if (!content && !over) {
            content = true;
            trial.firstContent();
            place.firstContent();
        }
    }

    /** The answer has ended, or nobody wants the rest of it. */
    void ended(@Nullable Refusal trouble) {
        ended(Verdict.of(trouble == null ? Kind.WELL : kindOf(trouble)));
    }

    void ended(Verdict verdict) {
        if (over) {
            return;
        }
        over = true;
        try {
            trial.ended(verdict);
        } finally {
            place.leave(endingOf(verdict.kind()));
        }
    }

    private static Kind kindOf(Refusal trouble) {
        return switch (trouble.code()) {
            case PROVIDER_REJECTED -> Kind.WELL;
            case PROVIDER_RATE_LIMITED -> Kind.RATE_LIMITED;
            case PROVIDER_OVERLOADED -> Kind.OVERLOADED;
            case PROVIDER_SERVER_ERROR -> Kind.SERVER_ERROR;
            case PROVIDER_UNREACHABLE -> Kind.UNREACHABLE;
            case PROVIDER_TIMEOUT -> Kind.TIMEOUT;
            case PROVIDER_BAD_RESPONSE -> Kind.BAD_ANSWER;
            case PROVIDER_STREAM_INTERRUPTED -> Kind.INTERRUPTED;
            default -> Kind.NOTHING; // its caller left, or it was ended from this side
        };
    }

    private static Ending endingOf(Kind kind) {
        return switch (kind) {
            case WELL -> Ending.BORNE;
            case RATE_LIMITED, OVERLOADED, TIMEOUT -> Ending.TOO_MUCH;
            default -> Ending.UNKNOWN;
        };
    }
}
