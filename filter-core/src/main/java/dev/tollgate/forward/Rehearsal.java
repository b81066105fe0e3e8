package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Secret;
import dev.tollgate.choose.AskedBy;
import dev.tollgate.config.Settings.Unsupported;
import dev.tollgate.dialect.Translation;
import dev.tollgate.health.Standing;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Ranking;
import dev.tollgate.route.Ranking.Exclusion;
import dev.tollgate.route.Ranking.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What sending a call would be like: whom it would ask in which order, and what each would be sent. Nobody is asked. */
public final class Rehearsal {
    private static final Secret MASK = new Secret("***");

    private final Rehearsals with;
    private final Call call;
    private final Asked asked;

    Rehearsal(Rehearsals with, Call call) {
        this.with = with;
        this.call = call;
        this.asked = AskedBy.of(call);
    }

    /**
     * What a target would be sent.
     *
     * @param request the request, in which the gateway's credential is masked; what must be signed is not
     * @param dropped what the target would not be told
     * @param fetches the URLs whose content the gateway would fetch first, where it may
     */
    public record Script(Way way, UpstreamRequest request, List<String> dropped, Set<String> fetches) {
        public Script {
            dropped = List.copyOf(dropped);
            fetches = Set.copyOf(fetches);
        }
    }

    /** How a target stands. */
    public Standing standing(Candidate target) {
        return with.health.standing(target);
    }

    /**
     * The credentials that a target can be called with now, the one to be tried first in front.
     *
     * @param lastStanding whether there is nobody else to ask
     */
    public List<NamedCredential> credentials(Candidate target, boolean lastStanding) {
        return with.health.credentials(target, lastStanding);
    }

    /** What the choice of a target depends on. */
    public Asked asked() {
        return asked;
    }

    /** Some of the call's targets in the order in which they would be asked, and those that would be passed over. */
    public Ranking rank(List<Candidate> candidates) {
        List<Candidate> able = candidates.stream()
                .filter(each -> way(each).isPresent())
                .filter(this::canBeTold)
                .toList();
        Ranking ranking = with.chooser.rank(asked, able);
        List<Exclusion> excluded = new ArrayList<>(ranking.excluded());
        candidates.stream()
                .filter(each -> !able.contains(each))
                .map(this::exclusion)
                .forEach(excluded::add);
        return new Ranking(ranking.order(), excluded, ranking.lastStanding(), ranking.sticky());
    }

    private boolean canBeTold(Candidate candidate) {
        return call.plan().model().unsupported() == Unsupported.REPORT
                || script(candidate)
                        .filter(script -> script.dropped().isEmpty())
                        .isPresent();
    }

    private Exclusion exclusion(Candidate candidate) {
        String why = way(candidate).isEmpty()
                ? "it does not serve " + call.endpoint().template()
                : "it cannot be told \""
                        + script(candidate)
                                .map(script -> String.join("\", \"", script.dropped()))
                                .orElse("")
                        + '"';
        return new Exclusion(candidate, Reason.CANNOT, why, Optional.empty());
    }

    /**
     * What a target would be sent; empty when it cannot be asked this.
     *
     * @throws dev.tollgate.Refusal when the caller's request cannot be read in its own dialect
     */
    public Optional<Script> script(Candidate candidate) {
        return way(candidate).map(way -> {
            Translation translation = with.translator.translate(call, candidate, way, Map.of());
            UpstreamRequest request = with.requests.of(call, masked(candidate), way, translation.requestBody());
            return new Script(way, request, translation.dropped(), fetches(way));
        });
    }

    private Optional<Way> way(Candidate candidate) {
        return candidate
                .provider()
                .way(call.endpoint().operation(), call.endpoint().format().id(), candidate.model())
                .filter(with.translator::speaks);
    }

    private Set<String> fetches(Way way) {
        return call.setup().settings().media().fetchFrom().isEmpty()
                ? Set.of()
                : with.translator.unfetchable(call, way);
    }

    /** The same target, whose secret is not even at hand. */
    private static Candidate masked(Candidate candidate) {
        Provider provider = candidate.provider();
        NamedCredential shown = new NamedCredential(NamedCredential.ONLY, masked(provider.credential()), 1);
        return new Candidate(
                provider.as(shown), candidate.model(), candidate.weight(), candidate.traits(), candidate.fallback());
    }

    private static Credential masked(Credential credential) {
        if (credential instanceof Credential.Bearer) {
            return new Credential.Bearer(MASK);
        }
        return credential instanceof Credential.KeyHeader key
                ? new Credential.KeyHeader(key.header(), MASK)
                : credential;
    }
}
