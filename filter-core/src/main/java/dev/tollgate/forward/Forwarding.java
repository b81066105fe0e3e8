package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Refusal;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.config.Settings;
import dev.tollgate.dialect.Continuation;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.Translation;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Operation;
import dev.tollgate.route.Candidate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One call that is translated on its way along its candidates: for each of them anew, from what the caller has sent. */
final class Forwarding implements Asking {
    private final Forwarder forwarder;
    private final Call call;
    private final Tries tries;
    private Unasked.@Nullable Untold unable;
    private @Nullable Map<String, Source.Inline> fetched;

    Forwarding(Forwarder forwarder, Call call) {
        this.forwarder = forwarder;
        this.call = call;
        this.tries = new Tries(forwarder, call, this);
    }

    @Override
    public List<Choice> choices(List<Candidate> candidates) {
        return candidates.stream()
                .flatMap(candidate -> candidate
                        .provider()
                        .way(
                                call.endpoint().operation(),
                                call.endpoint().format().id(),
                                candidate.model())
                        .filter(forwarder.translator::speaks)
                        .map(way -> new Choice(candidate, way))
                        .stream())
                .toList();
    }

    CompletionStage<Reply> begin() {
        return tries.begin();
    }

    /** A body that is translated is there as a whole, and stays. */
    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public boolean mayBeHedged() {
        if (call.endpoint().operation() == Operation.COUNT_TOKENS) {
            return false;
        }
        JsonDocument body = call.body();
        boolean stores = call.endpoint().format().id().equals(Reply.Made.STORING)
                ? body.member("store")
                        .filter(JsonNode::isBoolean)
                        .map(JsonNode::booleanValue)
                        .orElse(true)
                : body.isTrue("store");
        return !stores && !body.isTrue("background");
    }

    // --- what a target cannot fetch itself is fetched first, where the operator allows that

    @Override
    public boolean isReady(Choice choice) {
        Settings.Media allowed = call.setup().settings().media();
        return allowed.fetchFrom().isEmpty() || fetched != null || isFetchable(choice);
    }

    private boolean isFetchable(Choice choice) {
        try {
            return forwarder.translator.unfetchable(call, choice.way()).isEmpty();
        } catch (Refusal unreadable) {
            return true; // nothing can be fetched for it, and whoever translates it says what is wrong with it
        }
    }

    @Override
    public void prepare(Choice choice) {
        Set<String> urls = forwarder.translator.unfetchable(call, choice.way());
        forwarder
                .media
                .fetch(urls, call.setup().settings().media())
                .whenComplete((media, fault) -> tries.lane().run(() -> {
                    fetched = media == null ? Map.of() : media;
                    tries.tryNext();
                }));
    }

    // --- what it is sent

    @Override
    public @Nullable Function<Admission, Try> draft(Choice choice) {
        Translation translation = forwarder.translator.translate(
                call, choice.candidate(), choice.way(), fetched == null ? Map.of() : fetched);
        return may(choice, translation) ? admission -> new Attempt(tries, admission, translation) : null;
    }

    @Override
    public @Nullable Function<Admission, Try> draftRest(Choice choice, Continuation rest, StreamRelay begun) {
        Candidate target = choice.candidate();
        boolean goesOn =
                !rest.hasPrefix() || target.provider().quirks().prefill().serves(target.model());
        if (!goesOn || !isReady(choice)) {
            return null;
        }
        Translation translation =
                forwarder.translator.continued(call, target, choice.way(), fetched == null ? Map.of() : fetched, rest);
        return may(choice, translation) ? admission -> new Attempt(tries, admission, translation, begun) : null;
    }

    /** Whether a target may be asked although it is perhaps not told everything. */
    private boolean may(Choice choice, Translation translation) {
        Settings.Unsupported mode = call.plan().model().unsupported();
        if (mode == Settings.Unsupported.REPORT) {
            return true;
        }
        List<String> lost = translation.dropped();
        if (lost.isEmpty()) {
            return true;
        }
        unable = unable == null ? new Unasked.Untold(lost.get(0)) : unable;
        unable.targets().add(choice.candidate().label());
        if (mode == Settings.Unsupported.STRICT) {
            tries.agenda().clear();
        }
        return false;
    }

    /** No target can do what is asked, so the gateway does, if it can itself. */
    @Override
    public void unasked() {
        if (unable != null) {
            tries.refuse(unable.refusal());
        } else if (call.endpoint().format() instanceof TokenCounting counting) {
            answerAlone(counting);
        } else {
            tries.refuse(tries.unable());
        }
    }

    private void answerAlone(TokenCounting counting) {
        try {
            tries.reply(new EstimatedCount(forwarder, call, counting));
        } catch (Refusal refusal) {
            tries.refuse(refusal);
        }
    }
}
