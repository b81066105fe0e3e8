package dev.tollgate;

import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings;
import dev.tollgate.explain.Question;
import dev.tollgate.json.Json;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The page that says what would become of a call. */
final class ExplainPage {
    private final Explainer explainer;

    ExplainPage(Explainer explainer) {
        this.explainer = explainer;
    }

    /**
     * Finds out who asks.
     *
     * @throws Refusal when they may not
     */
    Caller admit(Exchange exchange, Setup setup) {
        Caller caller = setup.authenticator().identify(exchange);
        Settings.ExplainPage page = setup.settings().server().explain();
        if (page == null || caller.key() == null || !page.keys().contains(caller.key())) {
            throw new Refusal(ErrorCode.POLICY_NOT_ALLOWED, "this key may not ask about the calls of others");
        }
        return caller;
    }

    /**
     * Answers a question.
     *
     * @throws Refusal when the caller may not ask, or the question cannot be answered
     */
    CompletionStage<Void> answer(Exchange exchange, Setup setup, byte[] body) {
        Caller asker = admit(exchange, setup);
        Question question = Question.parse(body, exchange.remoteAddress());
        return explainer
                .explain(question, setup, Optional.of(asker))
                .thenCompose(told -> Answers.send(exchange, 200, "application/json", Json.write(told)));
    }
}
