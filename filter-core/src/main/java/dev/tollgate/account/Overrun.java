package dev.tollgate.account;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.estimate.TokenRatios;
import dev.tollgate.limit.Amount;
import dev.tollgate.price.Prices;
import dev.tollgate.route.Candidate;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * Watches an answer that is being produced, so that it does not cost more than was reserved for it. Looking is one comparison of
 * how long the answer is with how long it may be; only an answer that is longer asks for more, a part at a time.
 */
public final class Overrun {
    /** What one million tokens cost is known to the nano-USD, what one costs may be less than that. */
    private static final long MILLION = 1_000_000;

    /** An answer that its provider itself is to stop may look longer by so much: what a token is differs from text to text. */
    private static final long BOUNDED_TIMES = 2;

    /** The part of what was allowed that others may exceed it by before they ask. */
    private static final long GRACE = 8;

    private static final long LEAST_TOKENS = 64;

    private final Account account;
    private final Charge charge;
    private final long nanoUsdPerMillion;
    private final long step;
    private long characters;

    private Overrun(Account account, Charge charge, long nanoUsdPerMillion, long tokens, long step) {
        this.account = account;
        this.charge = charge;
        this.nanoUsdPerMillion = nanoUsdPerMillion;
        this.step = step;
        this.characters = ratios().characters(charge.target(), tokens);
    }

    static Overrun of(Account account, Charge charge) {
        Estimate estimate = account.estimate();
        OptionalLong reserved = account.reservedNanoUsd();
        Candidate target = charge.target();
        if (reserved.isEmpty() || estimate.outputTokens() == 0) {
            return new Overrun(account, charge, 0, Long.MAX_VALUE, 0);
        }
        long input = account.shared().ratios().input(target, estimate.size());
        OptionalLong base = cost(account, target, input, 0);
        OptionalLong more = cost(account, target, input, MILLION);
        if (base.isEmpty() || more.isEmpty() || more.getAsLong() <= base.getAsLong()) {
            return new Overrun(account, charge, 0, Long.MAX_VALUE, 0);
        }
        long perMillion = more.getAsLong() - base.getAsLong();
        long left = Math.max(0, reserved.getAsLong() - account.spent().nanoUsd() - base.getAsLong());
        long tokens = tokens(left, perMillion);
        long grace = estimate.bounded() ? tokens * (BOUNDED_TIMES - 1) : tokens / GRACE;
        long step = Math.max(4 * LEAST_TOKENS, estimate.outputTokens() / 4);
        return new Overrun(account, charge, perMillion, Spent.sum(tokens, grace + LEAST_TOKENS), step);
    }

    private static OptionalLong cost(Account account, Candidate target, long input, long output) {
        Prices prices = account.call().setup().prices();
        Usage usage = new Usage(input, 0, 0, 0, output, 0, 0, 0, Extras.NONE);
        return prices.cost(target, usage, account.estimate().serviceTier());
    }

    private static long tokens(long nanoUsd, long perMillion) {
        return nanoUsd > Long.MAX_VALUE / MILLION ? nanoUsd / perMillion * MILLION : nanoUsd * MILLION / perMillion;
    }

    /** Whether an answer is longer than it may be. */
    public boolean isPassed(long charactersSoFar) {
        return charactersSoFar > characters;
    }

    /**
     * Asks for more; until that is decided the answer may go on.
     *
     * @return completes, on any thread, when it is granted; fails with a {@link dev.tollgate.Refusal} when it is not
     */
    public CompletionStage<Void> ask() {
        characters = Long.MAX_VALUE;
        Amount more = new Amount(0, 0, step, OptionalLong.of(stepNanoUsd()));
        return charge.permit().extend(more).thenCombine(account.extend(more), (one, other) -> null);
    }

    /** Notes that more is granted. */
    public void granted(long charactersSoFar) {
        account.granted(stepNanoUsd());
        characters = Spent.sum(charactersSoFar, ratios().characters(charge.target(), step));
    }

    private long stepNanoUsd() {
        long millions = step / MILLION * nanoUsdPerMillion;
        return millions + (step % MILLION * nanoUsdPerMillion + MILLION - 1) / MILLION;
    }

    private TokenRatios ratios() {
        return account.shared().ratios();
    }
}
