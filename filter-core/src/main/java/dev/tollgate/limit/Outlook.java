package dev.tollgate.limit;

import dev.tollgate.Refusal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What all limits that concern a call would say to it.
 *
 * @param prospects limit by limit
 * @param unpriced the refusal of a call that has no known price and must have one; empty where it may be made
 */
public record Outlook(List<Prospect> prospects, Optional<Refusal> unpriced) {
    /** Of a call that no limit concerns. */
    public static final Outlook CLEAR = new Outlook(List.of(), Optional.empty());

    public Outlook {
        prospects = List.copyOf(prospects);
    }

    /** What the call would be refused with: by a limit on calls under way before any other, else by the one that lasts longest. */
    public Optional<Refusal> refusal() {
        return unpriced.or(() -> prospects.stream()
                .filter(each -> each.refuses() && each.refusal().isPresent())
                .min(Comparator.comparing((Prospect each) -> !each.unit().equals("calls"))
                        .thenComparing(each -> -each.waitNanos().orElse(0)))
                .flatMap(Prospect::refusal));
    }
}
