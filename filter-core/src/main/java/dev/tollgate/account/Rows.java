package dev.tollgate.account;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.access.Caller;
import dev.tollgate.chat.Usage;
import dev.tollgate.ledger.Entry;
import dev.tollgate.ledger.Party;
import dev.tollgate.limit.Amount;
import dev.tollgate.meter.CallRecord;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The rows of one call in the ledger. */
final class Rows {
    private final Call call;
    private final Accounting shared;

    Rows(Call call, Accounting shared) {
        this.call = call;
        this.shared = shared;
    }

    /** An attempt is about to be sent. */
    void started(Charge charge) {
        Amount most = charge.reserved();
        shared.ledger()
                .note(new Entry.Started(
                        Entry.attemptId(call.id(), charge.number()),
                        shared.clock().instant(),
                        party(),
                        charge.target().label(),
                        most.inputTokens(),
                        most.outputTokens(),
                        most.nanoUsd()));
    }

    /** An attempt is over. */
    void ended(Charge charge, int status, @Nullable ErrorCode error, Used used, OptionalLong cost) {
        shared.ledger()
                .note(new Entry.Ended(
                        Entry.attemptId(call.id(), charge.number()),
                        shared.clock().instant(),
                        party(),
                        charge.target().label(),
                        status,
                        error,
                        used.usage() == null ? Usage.NONE : used.usage(),
                        used.estimated(),
                        cost));
    }

    /** The call is over. */
    CompletionStage<Void> called(Account account, int status, @Nullable ErrorCode error) {
        Usage usage = account.usage();
        List<CallRecord.Attempt> attempts = account.attempts();
        return shared.ledger()
                .write(List.of(new Entry.Called(
                        call.id(),
                        shared.clock().instant(),
                        party(),
                        attempts.get(attempts.size() - 1).target(),
                        attempts.size(),
                        status,
                        error,
                        usage == null ? Usage.NONE : usage,
                        account.isEstimated(),
                        account.spent().cost(),
                        call.now() - call.startNanos())));
    }

    private Party party() {
        Caller caller = call.caller();
        return new Party(
                caller.key(), caller.team(), caller.user(), call.plan().model().name());
    }
}
