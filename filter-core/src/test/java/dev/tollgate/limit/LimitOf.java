package dev.tollgate.limit;

import dev.tollgate.config.Settings.Budget;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Mode;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Raise;
import dev.tollgate.config.Settings.Rate;
import dev.tollgate.config.Settings.Span;
import dev.tollgate.config.Settings.Unit;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Limits of a few words, for tests that need no file. */
final class LimitOf {
    static final long USD = 1_000_000_000;

    private Per per;
    private String of;
    private Rate requests;
    private Rate tokens;
    private Rate inputTokens;
    private Rate outputTokens;
    private long concurrent;
    private Budget spend;
    private Mode mode = Mode.ENFORCE;
    private OnLoss onLoss;
    private int interactiveShare;

    private LimitOf(Per per) {
        this.per = per;
    }

    static LimitOf per(Per per) {
        return new LimitOf(per);
    }

    LimitOf of(String subject) {
        of = subject;
        return this;
    }

    LimitOf requests(long amount, Duration period) {
        requests = new Rate(amount, period);
        return this;
    }

    LimitOf requests(long amount, Unit unit) {
        requests = new Rate(amount, new Span.Calendar(unit, ZoneOffset.UTC));
        return this;
    }

    LimitOf tokens(long amount, Duration period) {
        tokens = new Rate(amount, period);
        return this;
    }

    LimitOf inputTokens(long amount, Duration period) {
        inputTokens = new Rate(amount, period);
        return this;
    }

    LimitOf outputTokens(long amount, Duration period) {
        outputTokens = new Rate(amount, period);
        return this;
    }

    LimitOf concurrent(long most) {
        concurrent = most;
        return this;
    }

    LimitOf spend(long usd, Unit unit, Long... softUsd) {
        List<Long> soft = List.of(softUsd).stream().map(each -> each * USD).toList();
        spend = new Budget(usd * USD, new Span.Calendar(unit, ZoneOffset.UTC), soft, true, true, List.of());
        return this;
    }

    LimitOf spendNano(long nanoUsd, Unit unit) {
        spend = new Budget(nanoUsd, new Span.Calendar(unit, ZoneOffset.UTC), List.of(), true, true, List.of());
        return this;
    }

    LimitOf warnOnly() {
        spend = new Budget(spend.nanoUsd(), spend.span(), spend.soft(), false, false, spend.raises());
        return this;
    }

    LimitOf allowingUnpriced() {
        spend = new Budget(spend.nanoUsd(), spend.span(), spend.soft(), spend.hard(), false, spend.raises());
        return this;
    }

    LimitOf raised(Raise... raises) {
        spend = new Budget(
                spend.nanoUsd(), spend.span(), spend.soft(), spend.hard(), spend.refuseUnpriced(), List.of(raises));
        return this;
    }

    LimitOf shadow() {
        mode = Mode.SHADOW;
        return this;
    }

    LimitOf onLoss(OnLoss what) {
        onLoss = what;
        return this;
    }

    LimitOf interactiveShare(int percent) {
        interactiveShare = percent;
        return this;
    }

    Limit limit() {
        return new Limit(
                per,
                of,
                null,
                Optional.ofNullable(requests),
                Optional.ofNullable(tokens),
                Optional.ofNullable(inputTokens),
                Optional.ofNullable(outputTokens),
                concurrent,
                Optional.ofNullable(spend),
                mode,
                Optional.ofNullable(onLoss),
                interactiveShare);
    }
}
