package dev.tollgate.forward;

import dev.tollgate.forward.Shortfall.Kind;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.retry.Backoff;
import dev.tollgate.route.Candidate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whom one call asks next: the targets in their order, with each of their credentials once, and then, where what went wrong may
 * pass, one of them again. Used only in the call's lane.
 */
final class Agenda {
    private final ArrayDeque<Choice> left = new ArrayDeque<>();
    private final List<Choice> letBe = new ArrayList<>();
    private final List<Again> again = new ArrayList<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<String> usedUp = new HashSet<>();
    private boolean lastStanding;

    /**
     * A target that may be asked again.
     *
     * @param readyNanos when, on the call's clock; null for after a wait of the gateway's own choosing
     */
    record Again(Admission before, @Nullable Long readyNanos) {
        private long waitNanos(long now) {
            return readyNanos == null ? 0 : Math.max(0, readyNanos - now);
        }
    }

    /** Asks these from now on, and no others. */
    void set(Collection<Choice> choices, boolean areLastStanding) {
        clear();
        left.addAll(choices);
        lastStanding = areLastStanding;
    }

    void clear() {
        left.clear();
        letBe.clear();
        again.clear();
    }

    /** The one to be asked next; null when none is left. */
    @Nullable
    Choice peek() {
        return left.peek();
    }

    /** The one to be asked next, which is taken off. */
    Choice take() {
        return left.remove();
    }

    /** Whether there is nobody else to ask. */
    boolean isLastStanding() {
        return lastStanding;
    }

    /** Notes that one has been asked. */
    void asked(Choice choice) {
        asked.add(choice.candidate().label());
    }

    boolean wasAsked(Candidate candidate) {
        return asked.contains(candidate.label());
    }

    // --- those that are let be

    /** Notes that one is not to be asked now. */
    void letBe(Choice choice) {
        letBe.add(choice);
    }

    List<Choice> letBe() {
        return List.copyOf(letBe);
    }

    /** Those that are let be are asked after all, since there is nobody else; false when they have been, or there are none. */
    boolean insist() {
        boolean insists = !lastStanding && !letBe.isEmpty();
        if (insists) {
            lastStanding = true;
            bringBack();
        }
        return insists;
    }

    /** Those that are let be are to be asked once more. */
    void bringBack() {
        left.addAll(letBe);
        letBe.clear();
    }

    // --- credentials

    /** Whether a credential has not been used up in this call. */
    boolean isLeft(Candidate target, NamedCredential credential) {
        return !usedUp.contains(place(target.provider().name(), credential))
                && !usedUp.contains(place(target.label(), credential));
    }

    /** Whether the credentials of more than one attempt have been used up. */
    boolean haveCredentialsRunOut() {
        return usedUp.size() > 1;
    }

    /** A provider that does not know a key, or has been paid nothing, does so for all its models; other limits may be a model's. */
    private static String place(Admission by, Shortfall shortfall) {
        boolean everywhere = shortfall.kind() == Kind.SPENT || shortfall.status() == 401;
        return place(
                everywhere ? by.candidate().provider().name() : by.candidate().label(), by.credential());
    }

    private static String place(String where, NamedCredential credential) {
        return where + ' ' + credential.name();
    }

    // --- what goes wrong

    /**
     * Notes what went wrong with one.
     *
     * @param another whether the target has another credential, which is then tried next
     */
    void fellShort(Admission by, Shortfall shortfall, long now, Predicate<Candidate> another) {
        if (shortfall.kind().next() == Shortfall.Next.ROTATE) {
            usedUp.add(place(by, shortfall));
            if (another.test(by.candidate())) {
                left.addFirst(by.choice());
            }
        }
        Duration wait = shortfall.refusal().retryAfter().orElse(null);
        boolean waits = wait != null && wait.compareTo(Backoff.LONGEST_WAIT) <= 0;
        if (shortfall.kind() == Kind.RATE_LIMITED ? waits : shortfall.kind().next() == Shortfall.Next.AGAIN) {
            if (wait == null || waits) {
                again.add(new Again(by, wait == null ? null : now + wait.toNanos()));
            }
        }
    }

    /** The one that may be asked again first, within the time that is left; null when there is none. */
    @Nullable
    Again again(long now, long nanosLeft) {
        return again.stream()
                .filter(each -> each.waitNanos(now) < nanosLeft)
                .min(Comparator.comparingLong(each -> each.waitNanos(now)))
                .orElse(null);
    }

    /** Asks one again, whose time has come; there is nobody else to ask. */
    void repeat(Again one) {
        again.remove(one);
        usedUp.remove(place(one.before().candidate().label(), one.before().credential()));
        left.addFirst(one.before().choice());
        lastStanding = true;
    }
}
