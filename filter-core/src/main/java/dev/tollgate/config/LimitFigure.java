package dev.tollgate.config;

import dev.tollgate.config.Settings.Span;
import dev.tollgate.config.Settings.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * One figure of one limit, to be compared with those of other limits on the same calls.
 *
 * @param subject whose calls, and what of them is counted
 * @param text the figure as it would be written
 * @param at where it stands
 */
record LimitFigure(String subject, long amount, Span span, String text, Node at) {
    private static final Map<Unit, Duration> LENGTHS = Map.of(
            Unit.HOUR, Duration.ofHours(1),
            Unit.DAY, Duration.ofDays(1),
            Unit.WEEK, Duration.ofDays(7),
            Unit.MONTH, Duration.ofDays(30),
            Unit.QUARTER, Duration.ofDays(90),
            Unit.YEAR, Duration.ofDays(365));

    /** Notes where it contradicts an earlier one: two figures for one span, or one that the other keeps from being reached. */
    void check(List<LimitFigure> earlier, Reading reading) {
        for (LimitFigure other : earlier) {
            if (!other.subject.equals(subject)) {
                continue;
            }
            String line = " in line "
                    + other.at.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
            if (other.span.equals(span)) {
                reading.problem(at, "the same limit as " + other.text + line + "; leave one of them out");
            } else if (keepsFromReaching(other)) {
                reading.problem(at, "keeps " + other.text + line + " from ever being reached");
            } else if (other.keepsFromReaching(this)) {
                reading.problem(at, "can never be reached beside " + other.text + line);
            }
        }
    }

    private boolean keepsFromReaching(LimitFigure shorter) {
        return length(span).compareTo(length(shorter.span)) > 0 && amount <= shorter.amount;
    }

    private static Duration length(Span span) {
        return span instanceof Span.Even even
                ? even.period()
                : LENGTHS.getOrDefault(((Span.Calendar) span).unit(), Duration.ZERO);
    }
}
