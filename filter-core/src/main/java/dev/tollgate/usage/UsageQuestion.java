package dev.tollgate.usage;

import dev.tollgate.ledger.Dimension;
import java.time.Instant;

/**
 * What somebody wants to know about usage.
 *
 * @param by what is added up by: key, team, user, model or provider
 * @param per the periods it is told for
 * @param from the period that this moment is in is the first
 * @param to periods that begin then or later are left out
 */
public record UsageQuestion(Dimension by, Per per, Instant from, Instant to) {

    /** Whether usage is added up by this. */
    public static boolean isAnswered(Dimension by) {
        return UsageTotals.KINDS.contains(by);
    }

    /** The beginning that all names of wanted totals have. */
    String prefix() {
        String whole = per.word() + '|';
        String first = whole + per.nameAt(from);
        String last = whole + per.nameAt(to);
        int same = 0;
        while (same < Math.min(first.length(), last.length()) && first.charAt(same) == last.charAt(same)) {
            same++;
        }
        return first.substring(0, Math.max(same, whole.length()));
    }

    boolean asksFor(TotalName name) {
        String end = per.nameAt(to.minusNanos(1));
        return name.kind() == by
                && name.per() == per
                && name.period().compareTo(per.nameAt(from)) >= 0
                && name.period().compareTo(end) <= 0;
    }
}
