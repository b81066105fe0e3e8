package dev.tollgate.health;

import dev.tollgate.Header;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.route.Candidate;
import java.util.List;
import java.util.Optional;

/** Knows nothing, and takes everybody to be well. */
final class Blind implements Health {
    private static final Trial NONE = new Trial() {
        @Override
        public void heard(int status, List<Header> headers) {}

        @Override
        public void firstContent() {}

        @Override
        public void ended(Verdict verdict) {}
    };

    @Override
    public Standing standing(Candidate target) {
        return Standing.UNKNOWN;
    }

    @Override
    public List<NamedCredential> credentials(Candidate target, boolean lastStanding) {
        return target.provider().credentials();
    }

    @Override
    public Optional<Trial> begin(Candidate target, NamedCredential credential, boolean lastStanding) {
        return Optional.of(NONE);
    }
}
