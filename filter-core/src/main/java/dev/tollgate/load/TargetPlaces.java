package dev.tollgate.load;

import dev.tollgate.config.Settings.Priority;
import dev.tollgate.load.Load.Ending;
import dev.tollgate.load.Load.Place;
import dev.tollgate.route.Candidate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** The calls under way at each target. Targets that are idle and unlimited are not remembered. */
final class TargetPlaces {
    /** Callers may name models where the configuration has patterns, so there could be any number. */
    static final int MOST = 1000;

    private final Map<String, TargetLimit> targets = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    TargetPlaces(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    Optional<Place> enter(Candidate candidate, Priority priority) {
        String label = candidate.label();
        if (!targets.containsKey(label) && !hasRoom()) {
            return Optional.of(ending -> {});
        }
        long now = nanoTime.getAsLong();
        AtomicReference<Place> taken = new AtomicReference<>();
        targets.compute(label, (same, known) -> {
            TargetLimit target = known == null ? new TargetLimit() : known;
            long number = target.enter(priority, now);
            if (number > 0) {
                taken.set(new Taken(label, target, number, now));
            }
            return target;
        });
        return Optional.ofNullable(taken.get());
    }

    private boolean hasRoom() {
        if (targets.size() >= MOST) {
            long now = nanoTime.getAsLong();
            targets.values().removeIf(target -> target.isForgettable(now));
        }
        return targets.size() < MOST;
    }

    /** The targets known now. */
    int size() {
        return targets.size();
    }

    /** The smallest limit among the targets of each provider that has limited ones. */
    Map<String, Integer> limitsByProvider() {
        Map<String, Integer> limits = new HashMap<>();
        targets.forEach((label, target) -> {
            int limit = target.limit();
            if (limit < TargetLimit.OPEN) {
                int slash = label.indexOf('/');
                limits.merge(slash < 0 ? label : label.substring(0, slash), limit, Math::min);
            }
        });
        return limits;
    }

    private final class Taken implements Place {
        private final String label;
        private final TargetLimit target;
        private final long number;
        private final long began;
        private final AtomicBoolean served = new AtomicBoolean();
        private final AtomicBoolean left = new AtomicBoolean();

        private Taken(String label, TargetLimit target, long number, long began) {
            this.label = label;
            this.target = target;
            this.number = number;
            this.began = began;
        }

        @Override
        public void firstContent() {
            if (!left.get() && served.compareAndSet(false, true)) {
                target.served(number, nanoTime.getAsLong() - began);
            }
        }

        @Override
        public void leave(Ending ending) {
            if (!left.compareAndSet(false, true)) {
                return;
            }
            long now = nanoTime.getAsLong();
            if (ending == Ending.TOO_MUCH) {
                target.tooMuch(number, now);
            } else if (ending == Ending.BORNE && served.compareAndSet(false, true)) {
                target.borne(number);
            }
            target.leave();
            targets.computeIfPresent(
                    label, (same, known) -> known == target && target.isForgettable(now) ? null : known);
        }
    }
}
