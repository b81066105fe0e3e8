package dev.tollgate.health;

import dev.tollgate.health.Standing.Condition;
import dev.tollgate.health.Verdict.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A target as one of its credentials gets at it: its circuit, and what its provider has said of its limits. */
final class Access {
    /** Answers after which what another node has said of the circuit is not minded any more. */
    private static final int ANSWERS = 3;

    private static final long NEWS_NANOS = Duration.ofSeconds(1).toNanos();

    private final Breaker address;
    private final CredentialHealth credential;
    private final Breaker breaker;
    private final CoolDown coolDown = new CoolDown();
    private volatile long spentUntil;
    private volatile boolean isSpent;
    private volatile long hintUntil;
    private volatile int hintAnswers;
    private volatile @Nullable Kind lastFailure;

    /**
     * @param address the circuit of its provider's address
     * @param breaker the circuit of its own
     */
    Access(Breaker address, CredentialHealth credential, Breaker breaker) {
        this.address = address;
        this.credential = credential;
        this.breaker = breaker;
    }

    /** Whether it is to the same address, on the same terms, with the same credential. */
    boolean isOf(Breaker otherAddress, CredentialHealth otherCredential) {
        return address == otherAddress && credential == otherCredential;
    }

    Breaker address() {
        return address;
    }

    CredentialHealth credential() {
        return credential;
    }

    Breaker breaker() {
        return breaker;
    }

    CoolDown coolDown() {
        return coolDown;
    }

    @Nullable
    Kind lastFailure() {
        return lastFailure;
    }

    void failed(Kind kind) {
        lastFailure = kind;
    }

    /** How it stands, whatever is known of its provider, target and credential as such. */
    Outlook outlook(long now) {
        Outlook outlook = breaker.outlook(now).and(coolDown.outlook(now));
        if (isSpent) {
            outlook = outlook.and(Outlook.until(Condition.SPENT, spentUntil - now));
        }
        return isHinted(now) ? outlook.and(Outlook.PROBING) : outlook;
    }

    /** Nanoseconds for which the credential is let be here; 0 for not at all. */
    long cooling(long now) {
        Outlook cooling = coolDown.outlook(now).and(credential.coolDown().outlook(now));
        long spent = isSpent ? Math.max(0, spentUntil - now) : 0;
        return Math.max(cooling.left(), spent);
    }

    /**
     * The provider has said what is left of its limits.
     *
     * @param left nanoseconds for which nothing is; 0 where something is left
     * @return whether that is news of its being spent
     */
    boolean spent(long left, long now) {
        boolean isNews = left > 0 && (!isSpent || now + left - spentUntil > NEWS_NANOS);
        spentUntil = now + left;
        isSpent = left > 0;
        return isNews;
    }

    /** Another node has opened its circuit. */
    void hinted(long left, long now) {
        hintAnswers = ANSWERS;
        hintUntil = now + left;
    }

    /** Another node has closed it again. */
    void recanted() {
        hintAnswers = 0;
    }

    boolean isHinted(long now) {
        return hintAnswers > 0 && hintUntil - now > 0;
    }

    /** It has answered. That two answers at a time may count as one only makes it wait for the next. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void answered() {
        if (hintAnswers > 0) {
            hintAnswers--;
        }
    }
}
