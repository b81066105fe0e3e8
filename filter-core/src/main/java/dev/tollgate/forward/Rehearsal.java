package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Refusal;
import dev.tollgate.Secret;
import dev.tollgate.choose.AskedBy;
import dev.tollgate.config.Settings.Unsupported;
import dev.tollgate.dialect.TokenCounting;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What sending a call would be like: whom it would ask in which order, and what each would be sent. Nobody is asked. */
public final class Rehearsal {
    private static final Secret MASK = new Secret("***");

    private final Rehearsals with;
    private final Call call;
    private final CallerControl control;
    private final Asked asked;

    /** @throws Refusal when the caller says something about how its call is tried that cannot be understood */
    Rehearsal(Rehearsals with, Call call) {
        this.with = with;
        this.call = call;
        this.control = CallerControl.of(call);
        this.asked = AskedBy.of(call);
    }

    /**
     * Whom a call would ask.
     *
     * @param ranking its targets in the order in which they would be asked, and those that would be passed over
     * @param contextWindow whether they are those for calls that are too long for others
     * @param alone whether the gateway itself would answer, since no target can
     * @param refusal what the call would be refused with, where nobody would be asked
     */
    public record Foreseen(Ranking ranking, boolean contextWindow, boolean alone, Optional<Refusal> refusal) {}

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

    /** The most attempts that would be made. */
    public int attempts() {
        return control.attempts();
    }

    /** Whether another target than the first may be asked. */
    public boolean mayFallBack() {
        return control.fallback();
    }

    /** How long the whole call may take. */
    public Duration total() {
        return control.total();
    }

    /** Whether a second target is asked when the first is slow. */
    public boolean hedges() {
        return control.hedge();
    }

    /** Whom the call would ask. */
    public Foreseen foresee() {
        Ranking ranking = rank(call.plan().candidates());
        List<Candidate> longer = call.plan().contextWindow();
        boolean tooLong = ranking.order().isEmpty() && Unasked.tooSmall(ranking).isPresent();
        return tooLong && control.fallback() && !longer.isEmpty()
                ? told(longer, rank(longer), true)
                : told(call.plan().candidates(), ranking, false);
    }

    private Ranking rank(List<Candidate> candidates) {
        List<Candidate> able =
                candidates.stream().filter(each -> way(each).isPresent()).toList();
        return able.isEmpty() ? new Ranking(List.of(), List.of(), false) : with.chooser.foresee(asked, able);
    }

    private Foreseen told(List<Candidate> candidates, Ranking ranking, boolean contextWindow) {
        Sifting sifting = new Sifting(ranking);
        candidates.stream().filter(each -> way(each).isEmpty()).forEach(sifting::excludeUnserved);
        ranking.order().forEach(sifting::take);
        List<Candidate> asks =
                control.fallback() || sifting.order.isEmpty() ? sifting.order : sifting.order.subList(0, 1);
        boolean nobody = asks.isEmpty() && sifting.untold == null;
        boolean alone =
                nobody && ranking.excluded().isEmpty() && call.endpoint().format() instanceof TokenCounting;
        return new Foreseen(
                new Ranking(asks, sifting.excluded, ranking.lastStanding(), ranking.sticky()),
                contextWindow,
                alone,
                asks.isEmpty() && !alone ? Optional.of(sifting.refusal()) : Optional.empty());
    }

    /** Leaves out those that would not be asked since they cannot be told everything, or cannot be asked this at all. */
    private final class Sifting {
        private final Ranking ranking;
        private final List<Exclusion> excluded;
        private final List<Candidate> order = new ArrayList<>();
        private Unasked.@Nullable Untold untold;

        Sifting(Ranking ranking) {
            this.ranking = ranking;
            this.excluded = new ArrayList<>(ranking.excluded());
        }

        void excludeUnserved(Candidate candidate) {
            exclude(candidate, "it does not serve " + call.endpoint().template());
        }

        private void exclude(Candidate candidate, String why) {
            excluded.add(new Exclusion(candidate, Reason.CANNOT, why, Optional.empty()));
        }

        /** Where the model is strict, the first that cannot be told everything is where it ends. */
        void take(Candidate candidate) {
            List<String> lost = lost(candidate);
            boolean ended = untold != null && call.plan().model().unsupported() == Unsupported.STRICT;
            if (lost.isEmpty() && !ended) {
                order.add(candidate);
            } else if (!lost.isEmpty()) {
                untold = untold == null ? new Unasked.Untold(lost.get(0)) : untold;
                untold.targets().add(candidate.label());
                exclude(candidate, "it cannot be told \"" + String.join("\", \"", lost) + '"');
            } else {
                exclude(candidate, "a target before it cannot be told everything, and the model is strict");
            }
        }

        Refusal refusal() {
            if (untold != null) {
                return untold.refusal();
            }
            return ranking.excluded().isEmpty() ? Unasked.unable(call) : Unasked.excluded(call, ranking);
        }
    }

    /** What a target would not be told, where that keeps it from being asked. */
    private List<String> lost(Candidate candidate) {
        return call.plan().model().unsupported() == Unsupported.REPORT
                ? List.of()
                : script(candidate).map(Script::dropped).orElse(List.of());
    }

    /**
     * What a target would be sent; empty when it cannot be asked this.
     *
     * @throws Refusal when the caller's request cannot be read in its own dialect
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
