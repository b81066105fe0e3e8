package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.RelayPath;
import dev.tollgate.forward.Tries.Choice;
import java.util.concurrent.CompletionStage;

/**
 * One call that is not translated on its way along its candidates. A second candidate is asked only while the whole body is
 * still there.
 */
final class Relaying implements Tries.Asking {
    private final Call call;
    private final RelayPath path;
    private final Tries tries;

    Relaying(Forwarder forwarder, Call call, RelayPath path) {
        this.call = call;
        this.path = path;
        this.tries = new Tries(forwarder, call, each -> path.way(each.provider(), each.model()), this);
    }

    CompletionStage<Reply> begin() {
        return tries.begin();
    }

    @Override
    public void tryNext() {
        Choice choice = tries.choices().poll();
        if (choice == null) {
            tries.exhausted(tries.unable());
        } else {
            tries.start(new RelayAttempt(tries, path, choice));
        }
    }

    @Override
    public boolean isRepeatable() {
        return call.upload().isRepeatable() && call.exchange().method().equals("POST");
    }
}
