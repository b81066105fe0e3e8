package dev.tollgate;

import dev.tollgate.access.Caller;
import dev.tollgate.explain.Question;
import dev.tollgate.explain.TargetTelling;
import dev.tollgate.explain.Telling;
import dev.tollgate.forward.Rehearsal;
import dev.tollgate.forward.Rehearsal.Foreseen;
import dev.tollgate.forward.Rehearsal.Script;
import dev.tollgate.forward.Rehearsals;
import dev.tollgate.limit.Outlook;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Operation;
import dev.tollgate.receive.Receiver;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Plan;
import dev.tollgate.route.Ranking;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says what would become of a call. It goes the way of a call (see {@link Gateway}) up to where a provider would be asked, takes
 * nothing from any limit, and leaves no record.
 */
final class Explainer {
    private final Endpoints endpoints;
    private final Calls calls;
    private final Receiver receiver;
    private final Pinning pinning;
    private final Rehearsals rehearsals;

    Explainer(Endpoints endpoints, Calls calls, Receiver receiver, Pinning pinning, Rehearsals rehearsals) {
        this.endpoints = endpoints;
        this.calls = calls;
        this.receiver = receiver;
        this.pinning = pinning;
        this.rehearsals = rehearsals;
    }

    /**
     * Explains a call.
     *
     * @param asker whose call it is where neither the question nor the call's own headers say so; empty where nobody's
     * @return what would become of it; fails with a {@link Refusal} where the question cannot be answered
     */
    CompletionStage<ObjectNode> explain(Question question, Setup setup, Optional<Caller> asker) {
        Exchange exchange = question.exchange();
        Endpoint endpoint = endpoints
                .find(
                        exchange.method(),
                        exchange.target(),
                        name -> exchange.header(name).isPresent(),
                        setup.settings().server())
                .filter(each -> each.kind() == Endpoint.Kind.CALL)
                .orElseThrow(() -> Refusal.badField("endpoint", "no calls are made with this method at this path"));
        if (endpoint.operation() == Operation.RELAY) {
            throw Refusal.badField("endpoint", "calls that are handed on as they are cannot be explained");
        }
        return new Explaining(question, asker, calls.imagine(exchange, endpoint, setup)).begin();
    }

    /** One call being explained. */
    private final class Explaining {
        private final Question question;
        private final Optional<Caller> asker;
        private final Call call;
        private final ObjectNode told = Telling.object();
        private String step = "access";

        Explaining(Question question, Optional<Caller> asker, Call call) {
            this.question = question;
            this.asker = asker;
            this.call = call;
        }

        CompletionStage<ObjectNode> begin() {
            return CompletableFuture.completedFuture(call)
                    .thenApply(this::identify)
                    .thenCompose(this::read)
                    .thenApply(this::inspect)
                    .thenApply(this::plan)
                    .thenCompose(this::restrict)
                    .thenCompose(this::look)
                    .thenCompose(this::rehearse)
                    .handle(this::end);
        }

        private Call identify(Call begun) {
            told.putObject("endpoint")
                    .put("path", call.endpoint().template())
                    .put("operation", call.endpoint().operation().name().toLowerCase(Locale.ROOT))
                    .put("dialect", call.endpoint().format().id());
            call.calledBy(caller());
            told.set("caller", Telling.caller(call.caller()));
            return call;
        }

        private Caller caller() {
            if (question.whose().isPresent()) {
                return question.whose().get().caller(call.setup().authenticator());
            }
            try {
                return call.setup().authenticator().identify(call.exchange());
            } catch (Refusal refusal) {
                if (refusal.code() == ErrorCode.CALLER_NO_KEY && asker.isPresent()) {
                    return asker.get();
                }
                throw refusal;
            }
        }

        private CompletionStage<Call> read(Call identified) {
            step = "receive";
            return receiver.read(identified);
        }

        private Call inspect(Call read) {
            step = "guard";
            told.put("stream", call.stream());
            call.setup().guards().inspect(call.body());
            return read;
        }

        private Call plan(Call inspected) {
            step = "route";
            call.planned(call.setup().router().plan(call.model(), call.caller()));
            told.put("budget_fallback", false);
            told.set("model", Telling.model(call.plan().model(), call.model()));
            chains(call.plan());
            return inspected;
        }

        private void chains(Plan plan) {
            ObjectNode chains = told.putObject("chains");
            chains.set("context_window", labels(plan.contextWindow()));
            chains.set("content_policy", labels(plan.contentPolicy()));
            chains.set("budget", labels(plan.budget()));
        }

        private ArrayNode labels(List<Candidate> candidates) {
            return Telling.texts(candidates.stream().map(Candidate::label).toList());
        }

        private CompletionStage<Call> restrict(Call planned) {
            return pinning.restrict(planned);
        }

        private CompletionStage<Call> look(Call restricted) {
            step = "limit";
            return outlook()
                    .thenCompose(outlook -> {
                        Optional<Plan> other = outlook.refusal().flatMap(call.plan()::insteadOf);
                        if (other.isPresent()) {
                            told.put("budget_fallback", true);
                            call.planned(other.get());
                            return outlook();
                        }
                        return CompletableFuture.completedFuture(outlook);
                    })
                    .thenApply(outlook -> {
                        outlook.refusal().ifPresent(refusal -> {
                            throw refusal;
                        });
                        return restricted;
                    });
        }

        private CompletionStage<Outlook> outlook() {
            long input = call.plan().candidates().stream()
                    .mapToLong(call.account()::inputTokens)
                    .max()
                    .orElse(0);
            told.set("estimate", Telling.estimate(input, call.account().atMost()));
            return call.account().outlook().thenApply(outlook -> {
                told.set("limits", Telling.limits(outlook));
                return outlook;
            });
        }

        private CompletionStage<Call> rehearse(Call limited) {
            step = "forward";
            Rehearsal rehearsal = rehearsals.of(call);
            Foreseen foreseen = rehearsal.foresee();
            Ranking ranking = foreseen.ranking();
            told.set("needs", TargetTelling.needs(rehearsal.asked()));
            told.set("tries", TargetTelling.tries(rehearsal));
            told.put("sticky_target", ranking.sticky())
                    .put("last_standing", ranking.lastStanding())
                    .put("context_window_fallback", foreseen.contextWindow())
                    .put("answered_by_gateway", foreseen.alone());
            told.set("excluded", Telling.list(ranking.excluded(), TargetTelling::excluded));
            foreseen.refusal().ifPresent(refusal -> {
                throw refusal;
            });
            CompletionStage<ArrayNode> candidates = CompletableFuture.completedFuture(told.putArray("candidates"));
            for (Candidate candidate : ranking.order()) {
                candidates =
                        candidates.thenCombine(target(rehearsal, candidate, ranking.lastStanding()), ArrayNode::add);
            }
            return candidates.thenApply(all -> {
                ranking.order().stream().findFirst().flatMap(rehearsal::script).ifPresent(this::first);
                return limited;
            });
        }

        private CompletionStage<ObjectNode> target(Rehearsal rehearsal, Candidate candidate, boolean lastStanding) {
            ObjectNode target = TargetTelling.target(candidate, rehearsal.standing(candidate));
            target.set(
                    "credentials",
                    Telling.texts(rehearsal.credentials(candidate, lastStanding).stream()
                            .map(NamedCredential::name)
                            .toList()));
            target.set(
                    "estimate",
                    Telling.estimate(
                            call.account().inputTokens(candidate),
                            call.account().atMost(candidate)));
            List<String> dropped =
                    rehearsal.script(candidate).map(Script::dropped).orElse(List.of());
            target.set("dropped", Telling.texts(dropped));
            return call.account().outlook(candidate).thenApply(outlook -> limited(target, outlook));
        }

        /** A target whose provider's limits are spent is passed over when its turn comes. */
        private ObjectNode limited(ObjectNode target, Outlook outlook) {
            target.set("limits", Telling.limits(outlook));
            outlook.refusal().ifPresent(refusal -> target.set("refusal", Telling.refusal("limit", refusal)));
            return target;
        }

        private void first(Script script) {
            told.set("request", TargetTelling.request(script));
            told.set("dropped", Telling.texts(script.dropped()));
            told.set("fetches", Telling.texts(script.fetches().stream().sorted().toList()));
        }

        private ObjectNode end(@Nullable Call done, @Nullable Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof Refusal refusal) {
                told.set("refusal", Telling.refusal(step, refusal));
            } else if (cause != null) {
                throw new CompletionException(cause);
            }
            return told;
        }
    }
}
