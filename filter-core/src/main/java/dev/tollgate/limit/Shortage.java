package dev.tollgate.limit;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings.Span;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;

/**
 * An allowance that has not what a call needs of it.
 *
 * @param needed how much the call needs
 * @param verdict the store's answer; of one that was only asked for the wait, what is left is not known
 * @param whole what the call wants of all limits
 */
record Shortage(Claim claim, long needed, Verdict verdict, Amount whole) {
    /** Stands for what is left where only the wait is known. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mmXXX");

    static Shortage ofWait(Claim claim, long needed, long waitNanos, Amount whole) {
        return of(claim, needed, OptionalLong.empty(), waitNanos, whole);
    }

    /** @param remaining what is left, where that is known */
    static Shortage of(Claim claim, long needed, OptionalLong remaining, long waitNanos, Amount whole) {
        Verdict verdict = new Verdict(false, remaining.orElse(UNKNOWN), waitNanos, 0, true);
        return new Shortage(claim, needed, verdict, whole);
    }

    /** Of two shortages, the one that lasts longer. */
    static Shortage longer(Shortage one, Shortage other) {
        return one.verdict.waitNanos() >= other.verdict.waitNanos() ? one : other;
    }

    boolean isForEver() {
        return verdict.waitNanos() == Verdict.NEVER;
    }

    boolean isOfMoney() {
        return claim.unit() == Counted.SPEND;
    }

    boolean isUnknown() {
        return verdict.remaining() == UNKNOWN;
    }

    /** The refusal that names the limit and tells what to do. */
    Refusal refusal() {
        if (isForEver()) {
            return new Refusal(ErrorCode.POLICY_EXCEEDS_LIMIT, tooMuch());
        }
        if (isOfMoney()) {
            return new Refusal(ErrorCode.POLICY_BUDGET_EXCEEDED, spent());
        }
        Duration wait = Periods.wholeMillis(verdict.waitNanos());
        return new Refusal(ErrorCode.POLICY_RATE_LIMITED, usedUp() + "; try again in " + Periods.length(wait))
                .retryAfter(wait);
    }

    /**
     * The refusal of more to a call under way. It has been let through, so it was none that the limit could never allow; only the
     * part that is asked for next may be larger than that.
     */
    Refusal refusalOfMore() {
        return isOfMoney() ? new Refusal(ErrorCode.POLICY_BUDGET_EXCEEDED, spent()) : refusal();
    }

    private String tooMuch() {
        String may = isOfMoney() ? " may spend " : " may use ";
        String call = isOfMoney() ? "this call may cost up to " : "this call may use up to ";
        String share = claim.leaving() > 0 ? " (the rest is kept for interactive calls)" : "";
        return call + claim.unit().text(needed) + ", and " + claim.whose() + may
                + claim.unit().text(claim.capacity() - claim.leaving()) + " per " + Periods.name(claim.span())
                + " at most" + share + "; " + remedy();
    }

    private String remedy() {
        return claim.unit() == Counted.REQUESTS
                ? "ask the operator of this gateway"
                : "ask for fewer output tokens (it may produce up to " + whole.outputTokens()
                        + "; the field is max_tokens or its like) or shorten the request";
    }

    private String spent() {
        String most = Dollars.text(claim.capacity()) + " USD this " + Periods.name(claim.span());
        String spent = isUnknown()
                ? " has spent its " + most
                : " has spent " + Dollars.text(claim.capacity() - verdict.remaining()) + " of " + most;
        String kept = claim.leaving() > 0
                ? ", of which " + Dollars.text(claim.leaving()) + " USD are kept for interactive calls"
                : "";
        return claim.whose() + spent + " (calls under way included)" + kept + ", and this call may cost up to "
                + Dollars.text(needed) + " USD; resets " + reset();
    }

    private String usedUp() {
        String most = claim.unit().text(claim.capacity()) + " per " + Periods.name(claim.span());
        if (claim.unit() == Counted.REQUESTS) {
            return claim.whose() + " may make " + most + " and has made them" + kept();
        }
        String left = isUnknown() ? "" : " and " + Math.max(0, verdict.remaining()) + " are left";
        return claim.whose() + " may use " + most + kept() + "; this call may use up to " + needed + left;
    }

    private String kept() {
        return claim.leaving() > 0 ? ", but for " + claim.leaving() + " kept for interactive calls" : "";
    }

    private String reset() {
        Instant ends = ((Shape.Window) claim.allowance().shape()).ends();
        ZoneId zone = ((Span.Calendar) claim.span()).zone();
        return MINUTES.format(ends.truncatedTo(ChronoUnit.MINUTES).atZone(zone));
    }
}
