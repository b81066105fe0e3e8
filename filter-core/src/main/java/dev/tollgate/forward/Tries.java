package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.account.Charge;
import dev.tollgate.account.Room;
import dev.tollgate.account.Used;
import dev.tollgate.choose.AskedBy;
import dev.tollgate.config.Settings;
import dev.tollgate.dialect.Continuation;
import dev.tollgate.health.Verdict;
import dev.tollgate.retry.Retries;
import dev.tollgate.retry.RetryEvents.Fallback;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Ranking;
import dev.tollgate.stream.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tries of one call at its targets, one after another until one answers. Everything about the call from here to its end
 * happens in one lane: what providers send, deadlines, what the caller has taken, and that it has left.
 */
/*
 * Invariants:
 *  - What is taken for a try (a trial, a place, room in the limits) is let go once, by whoever has it: the door until there is an
 *    admission, this until the try has begun, the try itself from then on.
 *  - At most one try is being admitted, and at most two are under way: the second is a hedge.
 *  - After the call is answered or refused nothing is started any more.
 */
final class Tries {
    /** A wait of this length is waited here; callers know longer ones from SDKs that wait for themselves. */
    private static final Duration SHORT_WAIT = Duration.ofSeconds(2);

    private final Forwarder forwarder;
    private final Call call;
    private final Asking asking;
    private final CallerControl control;
    private final Retries retries;
    private final Agenda agenda = new Agenda();
    private final Door door;
    private final Asked asked;
    private final Lane lane = new Lane(this::crashed);
    private final Alarm pause;
    private final Hedging hedging;
    private final Excuse excuse;
    private final Leave leave;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final List<Try> live = new ArrayList<>(1);
    private @Nullable Admission admitting;
    /** The answer that broke off, and that others are asked to go on with. */
    private @Nullable StreamRelay brokenOff;

    private int most;
    private int tried;
    private int repeats;
    private boolean waited;
    private boolean over;

    /** @throws Refusal when the caller says something about how its call is tried that cannot be understood */
    Tries(Forwarder forwarder, Call call, Asking asking) {
        this.forwarder = forwarder;
        this.call = call;
        this.asking = asking;
        this.retries = forwarder.retries;
        this.control = CallerControl.of(call);
        this.most = control.attempts();
        this.door = new Door(forwarder, call);
        this.asked = AskedBy.of(call);
        this.pause = new Alarm(forwarder.timers, lane);
        this.hedging = new Hedging(this);
        this.excuse = new Excuse(forwarder, call);
        this.leave = new Leave(forwarder, call);
    }

    CompletionStage<Reply> begin() {
        lane.run(this::first);
        call.onCancel(() -> lane.run(this::cancelled));
        return reply;
    }

    Forwarder forwarder() {
        return forwarder;
    }

    Call call() {
        return call;
    }

    Lane lane() {
        return lane;
    }

    CallerControl control() {
        return control;
    }

    Agenda agenda() {
        return agenda;
    }

    /** How long the whole call may take. */
    Duration total() {
        return control.total();
    }

    /** Nanoseconds left of the whole call's time. */
    long nanosLeft() {
        return total().toNanos() - (call.now() - call.startNanos());
    }

    /**
     * The whole call's time is over. That says nothing of a target that had little of it, nor of one that was answering when a
     * caller had enough who gives less than its model does.
     */
    void outOfTime(Try by) {
        Settings.Timeouts usual = call.plan().model().timeouts();
        long fair = Math.min(usual.firstByte().toNanos(), usual.total().toNanos()) / 2;
        boolean shortened = total().compareTo(usual.total()) < 0;
        if (by.nanos() < fair || (shortened && by.hasShown())) {
            by.visit().ended(Verdict.of(Verdict.Kind.NOTHING));
        }
    }

    // --- whom to ask

    private void first() {
        leave.called();
        if (call.fallback() == Fallback.BUDGET) {
            retries.events().fellBack(Fallback.BUDGET);
        }
        boolean tooLong = rank(call.plan().candidates());
        if (tooLong && control.fallback() && !call.plan().contextWindow().isEmpty()) {
            excuse.forget();
            rank(call.plan().contextWindow());
            fellBack(Fallback.CONTEXT_WINDOW);
        }
        tryNext();
    }

    /** Puts those that can be asked into the order in which they will be; true where the call is too long for all of them. */
    private boolean rank(List<Candidate> candidates) {
        List<Choice> able = asking.choices(candidates);
        if (able.isEmpty()) {
            agenda.clear();
            return false;
        }
        Ranking ranking = forwarder.chooser.rank(
                asked, able.stream().map(Choice::candidate).toList());
        List<Choice> order = ranking.order().stream()
                .flatMap(each -> able.stream()
                        .filter(choice -> choice.candidate().label().equals(each.label()))
                        .limit(1))
                .limit(control.fallback() ? Long.MAX_VALUE : 1)
                .toList();
        agenda.set(order, ranking.lastStanding());
        if (!order.isEmpty()) {
            return false;
        }
        excuse.excluded(ranking);
        return Unasked.tooSmall(ranking).isPresent();
    }

    /** Goes on with the next target, unless the caller has left. */
    void tryNext() {
        if (over || admitting != null) {
            return;
        }
        if (call.isCancelled()) {
            refuse(left());
            return;
        }
        for (Choice next = agenda.peek(); next != null; next = agenda.peek()) {
            if (!asking.isReady(next)) {
                asking.prepare(next);
                return;
            }
            if (asks(agenda.take())) {
                return;
            }
        }
        stuck();
    }

    private boolean asks(Choice choice) {
        try {
            Function<Admission, Try> draft = asking.draft(choice);
            Admission admission = draft == null ? null : admit(choice);
            if (draft == null || admission == null) {
                return false;
            }
            start(admission, draft);
            return true;
        } catch (Refusal refusal) {
            refuse(refusal);
            return true;
        }
    }

    /** Lets an attempt in at its target; null when that is to be let be, or has enough to do. */
    @Nullable
    Admission admit(Choice choice) {
        Candidate target = choice.candidate();
        Door.Ticket ticket = door.knock(target, agenda.isLastStanding(), each -> agenda.isLeft(target, each));
        if (ticket == null) {
            agenda.letBe(choice);
            return null;
        }
        Visit visit = ticket.enter();
        if (visit == null) {
            TryLog.passedOver(call, target.label(), "it has as many calls as it can bear");
            excuse.passedOver(() -> forwarder.load.full(call.priority()));
            return null;
        }
        return new Admission(choice, ticket.credential(), visit, tried + 1);
    }

    /** Starts a try once there is room for it in the limits; where there is none, the next is tried. */
    void start(Admission admission, Function<Admission, Try> draft) {
        admitting = admission;
        lane.take(call.account().room(admission.candidate()), (room, none) -> {
            if (room != null) {
                enter(admission, draft, room);
            } else {
                noRoom(admission, none);
            }
        });
    }

    private void enter(Admission admission, Function<Admission, Try> draft, Room room) {
        admitting = null;
        if (over || call.isCancelled()) {
            room.giveUp();
            admission.visit().ended(Verdict.of(Verdict.Kind.NOTHING));
            refuse(left());
            return;
        }
        Try next;
        try {
            next = draft.apply(admission);
        } catch (RuntimeException | Error fault) {
            room.giveUp();
            admission.visit().ended(Verdict.of(Verdict.Kind.NOTHING));
            throw fault;
        }
        tried++;
        agenda.asked(admission.choice());
        call.answeredBy(admission.candidate());
        live.add(next);
        next.start(call.account().open(room));
        hedging.watch(next);
    }

    /** The limits of a target's provider are used up, or there is no money for another try: maybe another target can be asked. */
    private void noRoom(Admission admission, @Nullable Throwable why) {
        admitting = null;
        admission.visit().ended(Verdict.of(Verdict.Kind.NOTHING));
        if (!(why instanceof Refusal refusal)) {
            throw new IllegalStateException(
                    "no room for " + admission.candidate().label(), why);
        }
        TryLog.passedOver(call, admission.candidate().label(), refusal.message());
        excuse.passedOver(() -> refusal);
        if (live.isEmpty()) {
            tryNext();
        } else {
            hedging.refused();
        }
    }

    // --- when nobody is left to be asked

    private void stuck() {
        if (tried > 0) {
            repeatOrRefuse();
        } else if (agenda.insist()) {
            tryNext();
        } else if (!agenda.letBe().isEmpty()) {
            waitOrRefuse();
        } else if (excuse.isThere()) {
            refuse(told());
        } else {
            asking.unasked();
        }
    }

    private void repeatOrRefuse() {
        Agenda.Again again = agenda.again(call.now(), nanosLeft());
        if (again == null) {
            refuse(told());
            return;
        }
        // Those who wait for the same moment are not to come back all at once.
        long apart = retries.backoff().before(repeats++).toNanos();
        Long ready = again.readyNanos();
        long wait = ready == null ? apart : Math.max(0, ready - call.now()) + apart;
        if (wait >= nanosLeft()) {
            refuse(told());
            return;
        }
        pause.set(wait, () -> {
            agenda.repeat(again);
            tryNext();
        });
    }

    /** Providers have asked that none of the targets be asked for a while. */
    private void waitOrRefuse() {
        Optional<Duration> wait = excuse.shortestWait(agenda.letBe());
        boolean isShort = wait.isPresent()
                && wait.get().compareTo(SHORT_WAIT) <= 0
                && wait.get().toNanos() < nanosLeft();
        if (isShort && !waited) {
            waited = true;
            pause.set(wait.get().toNanos(), () -> {
                agenda.bringBack();
                tryNext();
            });
        } else {
            refuse(excuse.letBe(agenda.letBe()));
        }
    }

    // --- what becomes of a try

    /** A try answers. */
    void served(Try by, Reply answer, int status) {
        over = true;
        pause.stop();
        hedging.stop();
        for (Try other : List.copyOf(live)) {
            if (other != by) {
                call.account().waitedLonger(other.nanos() - by.nanos());
                other.lose();
            }
        }
        hedging.served(by);
        call.answeredBy(by.candidate());
        if (by.candidate().fallback() && call.fallback() == null) {
            fellBack(Fallback.GENERAL);
        }
        forwarder.chooser.served(asked, by.candidate());
        by.charge().serves(status, by.nanos());
        reply(answer);
    }

    /** A try does not answer. */
    void fellShort(Try by, Shortfall shortfall, Used used) {
        live.remove(by);
        by.charge().fell(shortfall.status(), shortfall.code(), by.nanos(), used);
        if (over) {
            TryLog.fellShort(call, by, shortfall, null);
            return;
        }
        hedging.fell(by);
        excuse.fell(shortfall);
        Shortfall.Next next = shortfall.kind().next();
        if (next == Shortfall.Next.END) {
            TryLog.fellShort(call, by, shortfall, null);
            refuse(shortfall.refusal());
            return;
        }
        boolean last = agenda.isLastStanding();
        agenda.fellShort(
                by.admission(),
                shortfall,
                call.now(),
                target -> door.hasCredential(target, last, each -> agenda.isLeft(target, each)));
        if (!live.isEmpty() || admitting != null) {
            TryLog.fellShort(call, by, shortfall, "the other one goes on");
        } else if (next == Shortfall.Next.CHAIN) {
            chain(by, shortfall);
        } else {
            goOn(by, shortfall);
        }
    }

    private void chain(Try by, Shortfall shortfall) {
        boolean tooLong = shortfall.kind() == Shortfall.Kind.CONTEXT_WINDOW;
        List<Candidate> chain =
                tooLong ? call.plan().contextWindow() : call.plan().contentPolicy();
        List<Candidate> fresh =
                chain.stream().filter(each -> !agenda.wasAsked(each)).toList();
        if (fresh.isEmpty() || !control.fallback() || !asking.isRepeatable() || nanosLeft() <= 0) {
            TryLog.fellShort(call, by, shortfall, null);
            refuse(shortfall.refusal());
            return;
        }
        excuse.forget();
        excuse.fell(shortfall);
        most = Math.max(most, tried + 1);
        rank(fresh);
        Choice first = agenda.peek();
        TryLog.fellShort(
                call, by, shortfall, first == null ? null : first.candidate().label());
        if (first == null) {
            refuse(shortfall.refusal());
        } else {
            fellBack(tooLong ? Fallback.CONTEXT_WINDOW : Fallback.CONTENT_POLICY);
            tryNext();
        }
    }

    private void fellBack(Fallback why) {
        call.fellBack(why);
        retries.events().fellBack(why);
    }

    /** Another target may help, or another credential, or time. */
    private void goOn(Try by, Shortfall shortfall) {
        Choice next = agenda.peek();
        Agenda.Again again = agenda.again(call.now(), nanosLeft());
        String where = next != null
                ? next.candidate().label()
                : again != null ? again.before().candidate().label() + " again" : null;
        boolean goesOn = where != null && mayTryAgain(by) && leave.isGranted(next);
        TryLog.fellShort(call, by, shortfall, goesOn ? where : null);
        if (goesOn) {
            retries.events().retried(shortfall.kind().word());
            tryNext();
        } else {
            refuse(told());
        }
    }

    private boolean mayTryAgain(Try by) {
        Duration fast = call.plan().model().routing().fastFailuresOnly();
        boolean wasFast = fast.isZero() || by.nanos() < fast.toNanos();
        return tried < most && wasFast && asking.isRepeatable() && nanosLeft() > 0;
    }

    /** Whether another try may begin beside those under way. */
    boolean mayHedge() {
        return !over && admitting == null && tried < most && !call.isCancelled() && nanosLeft() > 0;
    }

    boolean isUnderWay(Try one) {
        return live.contains(one);
    }

    Asking asking() {
        return asking;
    }

    // --- the rest of an answer that broke off

    /**
     * Asks the next target that can go on with an answer that broke off in the middle. It is told of what comes, and of that none
     * does after all.
     *
     * @return whether one is being asked
     */
    boolean askForRest(Continuation rest, StreamRelay begun) {
        brokenOff = begun;
        while (tried < most && nanosLeft() > 0 && !call.isCancelled() && agenda.peek() != null) {
            Choice choice = agenda.take();
            Function<Admission, Try> draft = draftRest(choice, rest, begun);
            Admission admission = draft == null ? null : admit(choice);
            if (draft == null || admission == null) {
                continue;
            }
            if (!leave.isGranted(choice)) {
                admission.visit().ended(Verdict.of(Verdict.Kind.NOTHING));
                return false;
            }
            startRest(admission, draft, begun);
            return true;
        }
        return false;
    }

    private @Nullable Function<Admission, Try> draftRest(Choice choice, Continuation rest, StreamRelay begun) {
        try {
            return asking.draftRest(choice, rest, begun);
        } catch (Refusal unsayable) {
            return null;
        }
    }

    private void startRest(Admission admission, Function<Admission, Try> draft, StreamRelay begun) {
        admitting = admission;
        lane.take(call.account().room(admission.candidate()), (room, none) -> {
            admitting = null;
            if (room == null || !begun.wantsRest()) {
                admission.visit().ended(Verdict.of(Verdict.Kind.NOTHING));
                if (room != null) {
                    room.giveUp();
                }
                begun.restFellShort(null);
                return;
            }
            Try next = draft.apply(admission);
            tried++;
            agenda.asked(admission.choice());
            call.answeredBy(admission.candidate());
            live.clear();
            live.add(next);
            next.start(call.account().open(room));
        });
    }

    // --- the ends

    private Refusal told() {
        return excuse.told(agenda.haveCredentialsRunOut());
    }

    private Refusal left() {
        if (call.isClosing()) {
            return new Refusal(ErrorCode.GATEWAY_DRAINING, "this node is shutting down; try again")
                    .retryAfter(Duration.ofSeconds(1));
        }
        return new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before it was answered");
    }

    /** The call is answered. */
    void reply(Reply answer) {
        over = true;
        reply.complete(answer);
    }

    /** The call is not answered. */
    void refuse(Refusal refusal) {
        if (over) {
            return;
        }
        over = true;
        pause.stop();
        hedging.stop();
        List.copyOf(live).forEach(Try::lose);
        reply.completeExceptionally(refusal);
    }

    /** No target can do what is asked. */
    Refusal unable() {
        return Unasked.unable(call);
    }

    private void cancelled() {
        List.copyOf(live).forEach(Try::cancel);
        if (brokenOff != null) {
            brokenOff.callerLeft(); // nobody may be under way for it
        }
        if (!over && live.isEmpty() && admitting == null) {
            refuse(left());
        }
    }

    /** A fault of the gateway's own ends the call, and everything it holds, like any other failure. */
    private void crashed(Throwable fault) {
        TryLog.crashed(call, fault);
        Refusal refusal = new Refusal(ErrorCode.GATEWAY_INTERNAL, "the gateway has failed on this call");
        over = true;
        pause.stop();
        hedging.stop();
        if (admitting != null) {
            admitting.visit().ended(Verdict.of(Verdict.Kind.NOTHING));
        }
        try {
            List.copyOf(live).forEach(each -> each.crash(refusal));
            if (brokenOff != null) {
                brokenOff.crash(refusal);
            }
        } finally {
            reply.completeExceptionally(refusal);
        }
    }

    /** The charge of a try that must have begun. */
    static Charge begun(@Nullable Charge charge) {
        if (charge == null) {
            throw new IllegalStateException("the try has not begun");
        }
        return charge;
    }
}
