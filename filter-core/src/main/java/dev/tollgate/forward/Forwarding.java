package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Refusal;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.config.Settings;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.Translation;
import dev.tollgate.forward.Tries.Choice;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One call that is translated on its way along its candidates. */
final class Forwarding implements Tries.Asking {
    private final Forwarder forwarder;
    private final Call call;
    private final Tries tries;
    private @Nullable Unable unable;
    private @Nullable Map<String, Source.Inline> fetched;

    Forwarding(Forwarder forwarder, Call call) {
        this.forwarder = forwarder;
        this.call = call;
        this.tries = new Tries(forwarder, call, each -> way(forwarder, call, each), this);
    }

    private static Optional<Way> way(Forwarder forwarder, Call call, Candidate candidate) {
        return candidate
                .provider()
                .way(call.endpoint().operation(), call.endpoint().format().id(), candidate.model())
                .filter(forwarder.translator::speaks);
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
    public void tryNext() {
        if (tries.choices().isEmpty() && tries.isFirst()) {
            answerAlone();
            return;
        }
        for (Choice next = tries.choices().peek();
                next != null;
                next = tries.choices().peek()) {
            try {
                if (fetches(next) || asks(next)) {
                    return;
                }
            } catch (Refusal refusal) {
                tries.refuse(refusal);
                return;
            }
        }
        tries.exhausted(unable == null ? tries.unable() : unable.refusal());
    }

    /** Fetches first what the target cannot fetch itself, where the operator allows that. */
    private boolean fetches(Choice choice) {
        Settings.Media allowed = call.setup().settings().media();
        if (allowed.fetchFrom().isEmpty() || fetched != null) {
            return false;
        }
        Set<String> urls = forwarder.translator.unfetchable(call, choice.way());
        if (urls.isEmpty()) {
            return false;
        }
        forwarder
                .media
                .fetch(urls, allowed)
                .whenComplete((media, fault) -> tries.lane().run(() -> {
                    fetched = media == null ? Map.of() : media;
                    tries.tryNext();
                }));
        return true;
    }

    private boolean asks(Choice choice) {
        tries.choices().remove();
        Translation translation = forwarder.translator.translate(
                call, choice.candidate(), choice.way(), fetched == null ? Map.of() : fetched);
        boolean asks = may(choice, translation);
        if (asks) {
            tries.start(new Attempt(tries, choice, translation));
        }
        return asks;
    }

    /** No target can do what is asked, so the gateway does, if it can itself. */
    private void answerAlone() {
        if (!(call.endpoint().format() instanceof TokenCounting counting)) {
            tries.refuse(tries.unable());
            return;
        }
        try {
            tries.reply(new EstimatedCount(forwarder, call, counting));
        } catch (Refusal refusal) {
            tries.refuse(refusal);
        }
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
        unable = unable == null ? new Unable(lost.get(0)) : unable;
        unable.targets().add(choice.candidate().label());
        if (mode == Settings.Unsupported.STRICT) {
            tries.choices().clear();
        }
        return false;
    }

    /** A field that targets cannot be told. */
    private record Unable(String field, List<String> targets) {
        Unable(String field) {
            this(field, new ArrayList<>());
        }

        Refusal refusal() {
            return Refusal.badField(
                    field,
                    "'" + field + "' cannot be carried to " + String.join(", ", targets)
                            + "; leave it out, or ask for a model that takes it");
        }
    }
}
