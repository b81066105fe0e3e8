package dev.tollgate.health;

import dev.tollgate.Header;
import dev.tollgate.health.Breaker.Pass;
import dev.tollgate.health.HintText.Topic;
import dev.tollgate.health.Verdict.Kind;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** An attempt that is looked at. */
final class SeenTrial implements Trial {
    private final Who who;
    private final TargetHealth target;
    private final Access access;
    private final Pass addressPass;
    private final Pass pass;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Notices notices;
    private final long began;
    private final Waiting.Entry waiting;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile long firstAfter = -1;
    private volatile boolean isCounted;

    SeenTrial(
            Who who,
            TargetHealth target,
            Access access,
            Pass addressPass,
            Pass pass,
            LongSupplier nanos,
            InstantSource clock,
            Notices notices) {
        this.who = who;
        this.target = target;
        this.access = access;
        this.addressPass = addressPass;
        this.pass = pass;
        this.nanos = nanos;
        this.clock = clock;
        this.notices = notices;
        this.began = nanos.getAsLong();
        this.waiting = new Waiting.Entry(began);
        target.inFlight().incrementAndGet();
        target.waiting().add(waiting);
    }

    @Override
    public void heard(int status, List<Header> headers) {
        if (over.get()) {
            return;
        }
        SpentLimits.nanos(headers, clock.instant()).ifPresent(left -> {
            if (access.spent(left, nanos.getAsLong())) {
                notices.spent(who, left);
            }
        });
    }

    @Override
    public void firstContent() {
        if (over.get() || !target.waiting().remove(waiting)) {
            return;
        }
        long now = nanos.getAsLong();
        firstAfter = Math.max(0, now - began);
        target.pace().took(firstAfter, now);
        target.times().add(firstAfter, now);
        if (pass.isProbe() || addressPass.isProbe()) {
            // Its stream may last for minutes, and the others are waiting to be let in again.
            isCounted = true;
            answered(now);
        } else {
            access.breaker().alive();
        }
    }

    @Override
    public void ended(Verdict verdict) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        long now = nanos.getAsLong();
        long took = Math.max(0, now - began);
        target.inFlight().decrementAndGet();
        boolean hadNothing = target.waiting().remove(waiting);
        if (hadNothing && verdict.kind() != Kind.WELL && verdict.kind() != Kind.UNREACHABLE) {
            target.pace().atLeast(took, now);
        }
        if (verdict.kind() != Kind.WELL && verdict.kind() != Kind.NOTHING) {
            access.failed(verdict.kind());
        }
        count(verdict, now);
    }

    private void count(Verdict verdict, long now) {
        if (verdict.kind() != Kind.NOTHING) {
            target.recent().add(verdict.kind() != Kind.WELL);
        }
        switch (verdict.kind()) {
            case WELL -> {
                if (!isCounted) {
                    answered(now);
                }
            }
            case UNREACHABLE -> {
                access.address().failed(addressPass, took(now));
                access.breaker().failed(pass, took(now));
            }
            case TIMEOUT -> {
                letGo(access.address(), addressPass);
                access.breaker().failed(pass, took(now));
            }
            case SERVER_ERROR, OVERLOADED, BAD_ANSWER, INTERRUPTED -> {
                access.address().well(addressPass, 0);
                access.breaker().failed(pass, took(now));
                rest(verdict, now);
            }
            case RATE_LIMITED, SPENT, UNAUTHORIZED -> {
                access.address().well(addressPass, 0);
                letGo(access.breaker(), pass);
                rest(verdict, now);
            }
            case NOTHING -> {
                letGo(access.address(), addressPass);
                letGo(access.breaker(), pass);
            }
        }
    }

    private void letGo(Breaker breaker, Pass given) {
        if (!isCounted) {
            breaker.nothing(given);
        }
    }

    private void answered(long now) {
        access.address().well(addressPass, 0);
        access.breaker().well(pass, took(now));
        access.answered();
        target.coolDown().well(began, now);
        if (access.coolDown().well(began, now)) {
            notices.over(Topic.LIMIT, who);
        }
        if (access.credential().coolDown().well(began, now)) {
            notices.over(Topic.CREDENTIAL, who);
        }
    }

    private void rest(Verdict verdict, long now) {
        switch (verdict.kind()) {
            case RATE_LIMITED ->
                access.coolDown()
                        .cool(verdict.kind(), verdict.retryAfter(), began, now)
                        .ifPresent(rest -> notices.limited(who, rest, now));
            case SPENT, UNAUTHORIZED ->
                access.credential()
                        .coolDown()
                        .cool(verdict.kind(), verdict.retryAfter(), began, now)
                        .ifPresent(rest -> notices.refused(who, rest, now));
            case OVERLOADED -> {
                if (verdict.retryAfter().isPresent()) {
                    target.coolDown().cool(verdict.kind(), verdict.retryAfter(), began, now);
                }
            }
            default -> {}
        }
    }

    /** What counts as its duration: the time to first token, where there was one. */
    private long took(long now) {
        return firstAfter >= 0 ? firstAfter : Math.max(0, now - began);
    }
}
