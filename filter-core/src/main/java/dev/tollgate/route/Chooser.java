package dev.tollgate.route;

import java.util.List;

/** Chooses among the targets of calls. All methods may be called from any thread, and none waits. */
public interface Chooser {

    /** The targets of a call in the order to ask them, and those that are passed over, with the reason. */
    Ranking rank(Asked asked, List<Candidate> candidates);

    /** The same of a call that is only thought of: nothing is learned from it, and chance may decide otherwise. */
    default Ranking foresee(Asked asked, List<Candidate> candidates) {
        return rank(asked, candidates);
    }

    /** A call was answered by a target: calls that have the same in common are to go there too. */
    void served(Asked asked, Candidate by);

    /** Takes targets as they come. */
    static Chooser asTheyCome() {
        return new Chooser() {
            @Override
            public Ranking rank(Asked asked, List<Candidate> candidates) {
                return new Ranking(candidates, List.of(), false);
            }

            @Override
            public void served(Asked asked, Candidate by) {}
        };
    }
}
