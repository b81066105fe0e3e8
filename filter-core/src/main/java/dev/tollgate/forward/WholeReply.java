package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Header;
import dev.tollgate.account.Used;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Translation;
import dev.tollgate.json.MemberSkim;
import dev.tollgate.provider.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An answer that came whole. */
final class WholeReply implements Reply {
    private final Tries tries;
    private final Attempt attempt;
    private final List<Header> providers;
    private final Translation.Whole answer;
    private final List<String> dropped;

    WholeReply(Tries tries, Attempt attempt, List<Header> providers, Translation.Whole answer) {
        this.tries = tries;
        this.attempt = attempt;
        this.providers = providers;
        this.answer = answer;
        this.dropped = attempt.translation().dropped();
    }

    @Override
    public @Nullable Made made() {
        if (!attempt.way().dialect().equals(Made.STORING)) {
            return null;
        }
        MemberSkim skim = new MemberSkim("id", false);
        skim.feed(answer.body());
        return skim.found()
                .map(id -> id.asString(""))
                .filter(id -> !id.isEmpty())
                .map(id -> new Made(id, attempt.candidate()))
                .orElse(null);
    }

    @Override
    public CompletionStage<Void> streamBack() {
        Call call = tries.call();
        call.answered(answer.facts());
        call.dropped(dropped);
        attempt.charge().close(null, used(call));
        return call.account().close(200, null).thenCompose(written -> send(call));
    }

    private Used used(Call call) {
        Usage reported = answer.facts().usage();
        if (reported == null) {
            return call.account().unreported(attempt.charge(), null, writtenCharacters(call));
        }
        if (call.endpoint().operation() == Operation.COUNT_TOKENS) {
            return Used.NOTHING;
        }
        return answer.estimated() ? Used.estimated(reported) : Used.reported(reported);
    }

    /** What the model wrote: nothing where it made vectors or an order. */
    private long writtenCharacters(Call call) {
        return call.endpoint().operation() == Operation.CHAT ? answer.body().length : 0;
    }

    private CompletionStage<Void> send(Call call) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("content-type", "application/json"));
        headers.add(new Header("content-length", String.valueOf(answer.body().length)));
        headers.addAll(tries.forwarder()
                .answerHeaders
                .of(
                        call,
                        attempt.candidate(),
                        attempt.way(),
                        providers,
                        call.account().cost(),
                        dropped));
        if (answer.estimated()) {
            headers.add(AnswerHeaders.ESTIMATED);
        }
        call.sentStatus(200);
        call.firstByte();
        call.exchange().head(200, headers);
        return Delivery.of(tries, answer.body());
    }
}
