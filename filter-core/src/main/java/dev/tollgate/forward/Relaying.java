package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.RelayPath;
import dev.tollgate.route.Candidate;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call that is not translated on its way along its candidates. A second candidate, or another credential, is tried only
 * while the whole body is still there.
 */
final class Relaying implements Asking {
    private final Call call;
    private final RelayPath path;
    private final Tries tries;

    Relaying(Forwarder forwarder, Call call, RelayPath path) {
        this.call = call;
        this.path = path;
        this.tries = new Tries(forwarder, call, this);
    }

    @Override
    public List<Choice> choices(List<Candidate> candidates) {
        return candidates.stream()
                .flatMap(each -> path.way(each.provider(), each.model()).map(way -> new Choice(each, way)).stream())
                .toList();
    }

    CompletionStage<Reply> begin() {
        return tries.begin();
    }

    @Override
    public boolean isReady(Choice choice) {
        return true;
    }

    @Override
    public void prepare(Choice choice) {
        throw new IllegalStateException("nothing is prepared");
    }

    @Override
    public @Nullable Function<Admission, Try> draft(Choice choice) {
        return admission -> new RelayAttempt(tries, path, admission);
    }

    @Override
    public void unasked() {
        tries.refuse(tries.unable());
    }

    @Override
    public boolean isRepeatable() {
        return call.upload().isRepeatable() && call.exchange().method().equals("POST");
    }

    /** What is made is kept, and paid for: images, files, batches. */
    @Override
    public boolean mayBeHedged() {
        return false;
    }
}
