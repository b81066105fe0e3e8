package dev.tollgate.bench;

import dev.tollgate.bench.load.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** What was measured in all rounds, and the medians of it. A median of nothing is not a number. */
final class Results {
    private record Cell(String contender, Kind kind) {}

    private final Map<Cell, List<Sample>> closed = new HashMap<>();
    private final Map<Cell, List<Sample>> open = new HashMap<>();

    void addClosed(String contender, Kind kind, Sample sample) {
        closed.computeIfAbsent(new Cell(contender, kind), cell -> new ArrayList<>())
                .add(sample);
    }

    void addOpen(String contender, Kind kind, Sample sample) {
        open.computeIfAbsent(new Cell(contender, kind), cell -> new ArrayList<>())
                .add(sample);
    }

    List<Kind> kinds() {
        return Kind.all().stream()
                .filter(kind -> closed.containsKey(new Cell(Contender.TOLLGATE, kind)))
                .toList();
    }

    double callsPerSecond(String contender, Kind kind) {
        return median(closed, contender, kind, Sample::callsPerSecond);
    }

    /** Processor seconds per 10,000 calls of the process in the middle. */
    double cpu(String contender, Kind kind) {
        return median(closed, contender, kind, Sample::cpuPerTenThousand);
    }

    /** The share of one processor that the process in the middle used while as many calls as could went through it. */
    double cpuShare(String contender, Kind kind) {
        return median(closed, contender, kind, Sample::cpuShare);
    }

    /** Milliseconds to the end of the answer; {@code percentile} is from 0 to 100. */
    double wholeMillis(String contender, Kind kind, double percentile) {
        return median(open, contender, kind, sample -> millis(sample.whole(), percentile));
    }

    /** Milliseconds to the first token of the answer. */
    double firstMillis(String contender, Kind kind, double percentile) {
        return median(open, contender, kind, sample -> millis(sample.first(), percentile));
    }

    /**
     * Milliseconds that a contender adds to the end of the answer, against the direct way to the same provider in the
     * same round.
     */
    double addedWholeMillis(String contender, Kind kind, double percentile) {
        return added(contender, kind, sample -> millis(sample.whole(), percentile));
    }

    /** Milliseconds that a contender adds to the first token of the answer. */
    double addedFirstMillis(String contender, Kind kind, double percentile) {
        return added(contender, kind, sample -> millis(sample.first(), percentile));
    }

    /** Calls that were not answered with 200, or broke off, in all rounds. */
    long errors(String contender) {
        return errors(closed, contender) + errors(open, contender);
    }

    private static long errors(Map<Cell, List<Sample>> cells, String contender) {
        return cells.entrySet().stream()
                .filter(cell -> cell.getKey().contender().equals(contender))
                .flatMap(cell -> cell.getValue().stream())
                .mapToLong(Sample::errors)
                .sum();
    }

    private double added(String contender, Kind kind, ToDoubleFunction<Sample> value) {
        List<Sample> with = open.getOrDefault(new Cell(contender, kind), List.of());
        List<Sample> without = open.getOrDefault(new Cell(Contender.DIRECT, kind.provided()), List.of());
        List<Double> differences = new ArrayList<>();
        for (int round = 0; round < Math.min(with.size(), without.size()); round++) {
            differences.add(value.applyAsDouble(with.get(round)) - value.applyAsDouble(without.get(round)));
        }
        return median(differences);
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile) / 1e6;
    }

    private static double median(
            Map<Cell, List<Sample>> cells, String contender, Kind kind, ToDoubleFunction<Sample> value) {
        return median(cells.getOrDefault(new Cell(contender, kind), List.of()).stream()
                .map(value::applyAsDouble)
                .toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted =
                values.stream().filter(value -> !value.isNaN()).sorted().toList();
        int middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
