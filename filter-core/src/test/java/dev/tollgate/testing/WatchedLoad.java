package dev.tollgate.testing;

import dev.tollgate.Refusal;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.load.Load;
import dev.tollgate.route.Candidate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Load that lets in whom the test says, and remembers every place. */
public final class WatchedLoad implements Load {
    private final Set<String> full = new HashSet<>();
    private final List<List<Ending>> places = new ArrayList<>();
    private int refused;

    /** A target that has as many calls as it can bear. */
    public WatchedLoad full(String target) {
        full.add(target);
        return this;
    }

    @Override
    public Refusal full(Priority priority) {
        refused++;
        return Load.super.full(priority);
    }

    /** How many calls were told that no target has a place. */
    public int refused() {
        return refused;
    }

    @Override
    public Stay admit(Priority priority, long bodyBytes) {
        return NOBODYS;
    }

    @Override
    public Optional<Place> enter(Candidate target, Priority priority) {
        if (full.contains(target.label())) {
            return Optional.empty();
        }
        List<Ending> endings = new ArrayList<>();
        places.add(endings);
        return Optional.of(endings::add);
    }

    /** How many places were taken. */
    public int taken() {
        return places.size();
    }

    /** Whether every place has been left, and once only. */
    public boolean isEven() {
        return places.stream().allMatch(each -> each.size() == 1);
    }
}
