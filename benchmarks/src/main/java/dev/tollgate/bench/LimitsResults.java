package dev.tollgate.bench;

import dev.tollgate.bench.limits.Load;
import dev.tollgate.bench.limits.Passage;
import dev.tollgate.bench.load.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured of limits in all rounds, and the medians of it. */
final class LimitsResults {
    /** One row. */
    record Cell(Load load, int callers, String way) {}

    /**
     * A load through a gateway.
     *
     * @param ownCpuNanos what the node that was called used of the processors, without the other member of its cluster
     */
    record Passed(Sample sample, long ownCpuNanos) {
        double ownCpuPerTenThousand() {
            return sample.calls() == 0 ? Double.NaN : ownCpuNanos / 1e9 / sample.calls() * 10_000;
        }
    }

    private final Map<Cell, List<Passage>> passages = new LinkedHashMap<>();
    private final Map<String, List<Passed>> doors = new LinkedHashMap<>();

    void add(Load load, int callers, String way, Passage passage) {
        passages.computeIfAbsent(new Cell(load, callers, way), cell -> new ArrayList<>())
                .add(passage);
    }

    void add(String door, Passed passed) {
        doors.computeIfAbsent(door, name -> new ArrayList<>()).add(passed);
    }

    List<Cell> cells(Load load, int callers) {
        return passages.keySet().stream()
                .filter(cell -> cell.load().equals(load) && cell.callers() == callers)
                .toList();
    }

    List<String> doors() {
        return List.copyOf(doors.keySet());
    }

    double median(Cell cell, ToDoubleFunction<Passage> value) {
        return median(passages.getOrDefault(cell, List.of()), value);
    }

    double median(String door, ToDoubleFunction<Passed> value) {
        return median(doors.getOrDefault(door, List.of()), value);
    }

    /** The median of the rounds' ratios: what else the machine does meets both sides of each. */
    double medianRatio(String door, String to, ToDoubleFunction<Passed> value) {
        List<Passed> ones = doors.getOrDefault(door, List.of());
        List<Passed> others = doors.getOrDefault(to, List.of());
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(ones.size(), others.size()); round++) {
            ratios.add(value.applyAsDouble(ones.get(round)) / value.applyAsDouble(others.get(round)));
        }
        return median(ratios, Double::doubleValue);
    }

    long refused(Cell cell) {
        return passages.getOrDefault(cell, List.of()).stream()
                .mapToLong(Passage::refused)
                .sum();
    }

    long errors() {
        return doors.values().stream()
                .flatMap(List::stream)
                .mapToLong(each -> each.sample().errors())
                .sum();
    }

    private static <T> double median(List<T> measured, ToDoubleFunction<T> value) {
        double[] sorted = measured.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
