package dev.tollgate.tariff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The rates of one service tier, by the size of a call: all tokens of a call are paid at the rates of the highest step that its
 * input passes.
 *
 * @param steps from the lowest to the highest; the first one is for calls of every size
 */
public record Schedule(List<Step> steps) {

    /** Rates of calls with more than {@code above} tokens of input, cached ones included. */
    public record Step(long above, Rates rates) {}

    public Schedule {
        steps = steps.stream().sorted(Comparator.comparingLong(Step::above)).toList();
    }

    static Schedule of(Map<RateKind, Long> said, List<Price.Step> above) {
        Rates base = Rates.of(said);
        List<Step> steps = new ArrayList<>(List.of(new Step(-1, base)));
        for (Price.Step step : above) {
            Rates rates = step.times().isSaid() ? base.times(step.times()) : Rates.of(step.rates());
            steps.add(new Step(step.tokens(), rates));
        }
        return new Schedule(steps);
    }

    /** The rates for a call with so many tokens of input. */
    public Rates at(long inputTokens) {
        for (int i = steps.size() - 1; i > 0; i--) {
            if (inputTokens > steps.get(i).above()) {
                return steps.get(i).rates();
            }
        }
        return steps.get(0).rates();
    }

    /** The same steps at so many times as much. */
    Schedule times(Price.Times times) {
        return new Schedule(steps.stream()
                .map(step -> new Step(step.above(), step.rates().times(times)))
                .toList());
    }
}
