package dev.tollgate.account;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.chat.Usage;
import dev.tollgate.limit.Amount;
import dev.tollgate.limit.Demand;
import dev.tollgate.limit.Outlook;
import dev.tollgate.limit.Permit;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.provider.Operation;
import dev.tollgate.route.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What one call may cost and has cost: reserved before it is sent, charged by the attempt, and settled exactly once. */
/*
 * Invariants:
 *  - What the call's permit has reserved is given back or charged by one settle or one withdraw, in close(), which runs once.
 *  - Each attempt has one charge. It is closed when the attempt ends, and by close() if nobody else did. Several may be open.
 *  - The rows of all attempts are noted before the row of the call.
 * Used by one step of the call at a time, and from the first attempt on in the call's lane.
 */
public final class Account {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Call call;
    private final Accounting shared;
    private final Rows rows;
    private final List<CallRecord.Attempt> attempts = new ArrayList<>(1);
    private final Spent spent = new Spent();

    private Estimate estimate = Estimate.NONE;
    private @Nullable Permit permit;
    private OptionalLong reservedNanoUsd = OptionalLong.empty();
    private final List<Charge> open = new ArrayList<>(1);
    private int begun;
    private long waitedNanos;
    private @Nullable CompletableFuture<Void> closed;

    /** The account of a call that has only begun. */
    public Account(Call call) {
        this.call = call;
        this.shared = call.setup().accounting();
        this.rows = new Rows(call, shared);
    }

    // --- reserving

    /**
     * Reserves what the call may use at most, of every limit that concerns it as a whole.
     *
     * @return fails with a {@link Refusal} when there is not as much
     */
    public CompletionStage<Void> reserve() {
        Amount most = wanted();
        return call.setup().limits().reserve(demand(null, most)).thenAccept(leave -> permitted(leave, most));
    }

    private Amount wanted() {
        List<Candidate> targets = call.plan().candidates();
        estimate = Estimate.of(call);
        if (!shared.ledger().isWritable() && estimate.isPaid(targets)) {
            throw unwritable();
        }
        return estimate.atAny(targets, shared.ratios(), call.setup().prices());
    }

    private Demand demand(@Nullable String provider, Amount amount) {
        return new Demand(
                call.caller(),
                call.plan().model().name(),
                call.exchange().remoteAddress(),
                provider,
                amount,
                call.priority());
    }

    private static Refusal unwritable() {
        return new Refusal(
                ErrorCode.GATEWAY_LEDGER_UNAVAILABLE,
                "the gateway cannot write down what calls cost at the moment; try again later");
    }

    /** Notes what was reserved for the call. */
    public void permitted(Permit leave, Amount most) {
        permit = leave;
        reservedNanoUsd = most.nanoUsd();
    }

    /** The permit; null while the limits have not let the call through. */
    public @Nullable Permit permit() {
        return permit;
    }

    /**
     * Reserves what an attempt may use: of the limits of its provider, and of those of the call what attempts before it have
     * used up, or others beside it may use.
     *
     * @return fails with a {@link Refusal} when there is no room for it, which has cost nothing
     */
    public CompletionStage<Room> room(Candidate target) {
        Amount most = estimate.at(target, shared.ratios(), call.setup().prices());
        long missing = missing(most);
        return call.setup()
                .limits()
                .reserve(demand(target.provider().name(), most))
                .thenCompose(leave -> missing > 0 || !open.isEmpty()
                        ? extended(target, most, leave, Math.max(0, missing))
                        : there(target, most, leave));
    }

    private static CompletionStage<Room> there(Candidate target, Amount most, Permit leave) {
        return CompletableFuture.completedFuture(new Room(target, most, leave, 0));
    }

    private long missing(Amount most) {
        if (reservedNanoUsd.isEmpty()) {
            return 0;
        }
        long bound = open.stream()
                .mapToLong(each -> each.reserved().nanoUsd().orElse(0))
                .reduce(spent.nanoUsd(), Spent::sum);
        return Spent.sum(bound, most.nanoUsd().orElse(0)) - reservedNanoUsd.getAsLong();
    }

    private CompletionStage<Room> extended(Candidate target, Amount most, Permit leave, long missing) {
        boolean beside = spent.usage() != null || !open.isEmpty();
        Amount more = new Amount(
                0, beside ? most.inputTokens() : 0, beside ? most.outputTokens() : 0, OptionalLong.of(missing));
        return extend(more).handle((granted, refused) -> {
            if (refused != null) {
                leave.withdraw();
                throw refused instanceof CompletionException wrapped ? wrapped : new CompletionException(refused);
            }
            return new Room(target, most, leave, missing);
        });
    }

    /** Opens the charge of an attempt, which is about to be sent. */
    public Charge open(Room room) {
        Charge charge = new Charge(this, room.target(), ++begun, room.most(), room.permit());
        open.add(charge);
        granted(room.moreNanoUsd());
        if (shared.areKept()) {
            rows.started(charge);
        }
        return charge;
    }

    /** Asks the limits of the call for more. Fails with a {@link Refusal} when a hard budget has no more. */
    CompletionStage<Void> extend(Amount more) {
        return permit == null ? DONE : permit.extend(more);
    }

    /** Notes that the call has reserved more. */
    void granted(long moreNanoUsd) {
        if (reservedNanoUsd.isPresent()) {
            reservedNanoUsd = OptionalLong.of(Spent.sum(reservedNanoUsd.getAsLong(), moreNanoUsd));
        }
    }

    /** The watch over an answer while it is being produced. */
    public Overrun overrun(Charge charge) {
        return Overrun.of(this, charge);
    }

    // --- foreseeing

    /** The tokens that a target will probably have to read; 0 where that is not known. */
    public long inputTokens(Candidate target) {
        return shared.ratios().input(target, foreseen().size());
    }

    /** The most output tokens that the caller itself has asked for; 0 where it has not said. */
    public long askedOutputTokens() {
        return foreseen().bounded() ? foreseen().outputTokens() : 0;
    }

    /** What a target will probably charge, in nano-USD; empty where that is not known. */
    public OptionalLong probableNanoUsd(Candidate target) {
        return foreseen().probablyAt(target, shared.ratios(), call.setup().prices());
    }

    /** The most that the call may use at any of its targets. */
    public Amount atMost() {
        return wanted();
    }

    /** The most that the call may use at a target. */
    public Amount atMost(Candidate target) {
        return foreseen().at(target, shared.ratios(), call.setup().prices());
    }

    /** What the limits would say to the call as a whole; nothing is reserved. */
    public CompletionStage<Outlook> outlook() {
        return call.setup().limits().look(demand(null, wanted()));
    }

    /** What the limits of a target's provider would say to an attempt; nothing is reserved. */
    public CompletionStage<Outlook> outlook(Candidate target) {
        return call.setup().limits().look(demand(target.provider().name(), atMost(target)));
    }

    private Estimate foreseen() {
        if (estimate.equals(Estimate.NONE)) {
            estimate = Estimate.of(call);
        }
        return estimate;
    }

    // --- charging

    /** How many attempts have begun. */
    public int begun() {
        return begun;
    }

    /** The attempts that have ended. */
    public List<CallRecord.Attempt> attempts() {
        return attempts;
    }

    /** Nanoseconds spent waiting for providers before the answer's head was there. */
    public long waitedNanos() {
        return waitedNanos;
    }

    /** Notes that an attempt waited longer than the one that answers. */
    public void waitedLonger(long nanos) {
        waited(Math.max(0, nanos));
    }

    void waited(long nanos) {
        waitedNanos += nanos;
    }

    Estimate estimate() {
        return estimate;
    }

    Accounting shared() {
        return shared;
    }

    Call call() {
        return call;
    }

    Spent spent() {
        return spent;
    }

    /** What the call has reserved in nano-USD; empty where it is unpriced. */
    OptionalLong reservedNanoUsd() {
        return reservedNanoUsd;
    }

    /** What an attempt used, as far as can be told where its provider has said nothing. */
    public Used unreported(Charge charge) {
        return unreported(charge, null, 0);
    }

    /**
     * What an attempt used whose provider has not said all of it.
     *
     * @param reported what the provider said before its answer broke off, or null
     * @param characters of answer seen
     */
    public Used unreported(Charge charge, @Nullable Usage reported, long characters) {
        if (!charge.isSent() || estimate.operation() == Operation.COUNT_TOKENS) {
            return Used.NOTHING;
        }
        if (estimate.operation() == Operation.RELAY) {
            return Used.UNKNOWN;
        }
        long input = shared.ratios().input(charge.target(), estimate.size());
        long output = shared.ratios().output(charge.target(), characters);
        return Used.estimated(Estimates.of(reported, input, output));
    }

    /** An attempt is over. */
    void closed(Charge charge, int status, @Nullable ErrorCode error, long nanos, Used used) {
        open.remove(charge);
        OptionalLong cost = cost(charge.target(), used);
        long charged = cost.orElseGet(() -> keeps(charge, used));
        attempts.add(new CallRecord.Attempt(
                charge.target().label(), status, error, nanos, used.usage(), used.estimated(), cost));
        spent.add(used, cost, charged);
        charge.permit().settle(amount(used, cost.isPresent() || charged > 0 ? OptionalLong.of(charged) : cost));
        learn(charge.target(), used);
        if (shared.areKept()) {
            rows.ended(charge, status, error, used, cost);
        }
    }

    private OptionalLong cost(Candidate target, Used used) {
        Usage usage = used.usage();
        if (usage != null) {
            String served = call.servedTier();
            return call.setup().prices().cost(target, usage, served == null ? estimate.serviceTier() : served);
        }
        return used.known() || target.model().isEmpty() ? OptionalLong.of(0) : OptionalLong.empty();
    }

    /** What is charged where a target has prices, but none for what it served: all that was reserved. */
    private long keeps(Charge charge, Used used) {
        return used.usage() == null ? 0 : charge.reserved().nanoUsd().orElse(0);
    }

    private static Amount amount(Used used, OptionalLong nanoUsd) {
        Usage usage = used.usage() == null ? Usage.NONE : used.usage();
        return new Amount(1, usage.input(), usage.output(), nanoUsd);
    }

    private void learn(Candidate target, Used used) {
        Usage usage = used.usage();
        if (usage == null || used.estimated() || estimate.operation() != Operation.CHAT) {
            return;
        }
        shared.ratios().learnInput(target, estimate.size(), usage.input());
        if (usage.reasoning() == 0) {
            shared.ratios().learnOutput(target, used.characters(), usage.output());
        }
    }

    // --- closing

    /**
     * Settles what the call has reserved, and writes down what became of it. To be called before the last of the answer is
     * written: who has read all of it may call again at once, and must then find its place free.
     *
     * @param status the HTTP status the caller gets
     * @param error what went wrong, or null when the call is answered whole
     * @return completes when the caller may have the last of its answer; the same each time. Fails with a {@link Refusal} when
     *     the caller must not, since its row cannot be written
     */
    public CompletableFuture<Void> close(int status, @Nullable ErrorCode error) {
        CompletableFuture<Void> before = closed;
        if (before != null) {
            return before;
        }
        List.copyOf(open).forEach(each -> each.abandon(error));
        settle(error);
        CompletableFuture<Void> written = shared.areKept() && begun > 0 ? write(status, error) : DONE;
        closed = written;
        return written;
    }

    private void settle(@Nullable ErrorCode error) {
        if (permit == null) {
            return;
        }
        if (begun == 0 && error != null) {
            permit.withdraw(); // no provider was asked
        } else {
            permit.settle(spent.amount());
        }
    }

    private CompletableFuture<Void> write(int status, @Nullable ErrorCode error) {
        return rows.called(this, status, error)
                .handle((done, failure) -> {
                    if (failure != null && shared.strict()) {
                        throw unwritable();
                    }
                    return (Void) null;
                })
                .toCompletableFuture();
    }

    /** All tokens used, or null where none were. */
    public @Nullable Usage usage() {
        return spent.usage();
    }

    /** Whether the gateway has counted some of what was used. */
    public boolean isEstimated() {
        return spent.isEstimated();
    }

    /** What all attempts cost, in nano-USD; empty where nothing was used, or one of them is unpriced. */
    public OptionalLong cost() {
        return spent.usage() == null ? OptionalLong.empty() : spent.cost();
    }
}
