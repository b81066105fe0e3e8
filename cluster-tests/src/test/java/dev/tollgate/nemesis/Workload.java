package dev.tollgate.nemesis;

import dev.tollgate.nemesis.Subject.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The subjects of one round, and how often each calls. Every round has subjects of its own, whose limits are untouched. */
record Workload(int round, List<Subject> subjects, Size size) {
    private static final int HOT_SHARE = 4;

    /**
     * The subjects of a round.
     *
     * @param size how large limits on counts are
     */
    static Workload of(int round, Size size) {
        List<Subject> subjects = new ArrayList<>();
        for (int number = 0; number < size.counts; number++) {
            subjects.add(new Subject("r" + round + "-count-" + number, Kind.COUNT, size.count, Duration.ZERO));
        }
        for (int number = 0; number < size.rates; number++) {
            subjects.add(new Subject("r" + round + "-rate-" + number, Kind.RATE, 480, Duration.ofMinutes(1)));
        }
        subjects.add(new Subject("r" + round + "-hot", Kind.HOT, 600_000, Duration.ofMinutes(1)));
        for (int number = 0; number < 2; number++) {
            subjects.add(new Subject("r" + round + "-slots-" + number, Kind.SLOTS, 3, Duration.ZERO));
            if (Features.TOKENS) {
                subjects.add(new Subject("r" + round + "-tokens-" + number, Kind.TOKENS, size.tokens, Duration.ZERO));
            }
            if (Features.SPEND) {
                subjects.add(new Subject("r" + round + "-spend-" + number, Kind.SPEND, size.nanoUsd, Duration.ZERO));
            }
        }
        return new Workload(round, List.copyOf(subjects), size);
    }

    /**
     * How large limits are, and how patient the audit is with what depends on the machine: the short version runs on any machine,
     * beside anything, so it demands exactness and no more than liveness.
     */
    enum Size {
        SHORT(8, 250, 6, 15_000, 6_000_000L, 0.02, 10_000),
        LONG(12, 500, 8, 20_000, 8_000_000L, 0.002, 500);

        private final int counts;
        private final long count;
        private final int rates;
        private final long tokens;
        private final long nanoUsd;
        private final double loss;
        private final long gapMillis;

        Size(int counts, long count, int rates, long tokens, long nanoUsd, double loss, long gapMillis) {
            this.counts = counts;
            this.count = count;
            this.rates = rates;
            this.tokens = tokens;
            this.nanoUsd = nanoUsd;
            this.loss = loss;
            this.gapMillis = gapMillis;
        }

        /** The part of limits on counts that faults may leave unused. */
        double loss() {
            return loss;
        }

        /** How long the nodes without a fault may let nothing through, in milliseconds. */
        long gapMillis() {
            return gapMillis;
        }
    }

    Set<String> names() {
        return subjects.stream().map(Subject::name).collect(Collectors.toSet());
    }

    List<Subject> of(Kind kind) {
        return subjects.stream().filter(subject -> subject.kind() == kind).toList();
    }

    /** The subjects, each as often as it calls. */
    List<Subject> weighted() {
        List<Subject> all = new ArrayList<>(subjects);
        for (int more = 1; more < HOT_SHARE; more++) {
            all.addAll(of(Kind.HOT));
        }
        return all;
    }
}
