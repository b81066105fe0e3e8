package dev.tollgate.testing;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.limit.Amount;
import dev.tollgate.limit.Demand;
import dev.tollgate.limit.Limits;
import dev.tollgate.limit.PastUse;
import dev.tollgate.limit.Permit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Limits that remember every permit, with one budget for all calls, and providers that are used up when the test says so. */
public final class CountingLimits implements Limits {
    private final List<Grant> grants = new ArrayList<>();
    private final Set<String> spent = new HashSet<>();
    private List<Permit.Headroom> headroom = List.of();
    private long budget = Long.MAX_VALUE / 2;
    private long reserved;
    private long charged;
    private int refused;
    private CompletableFuture<Void> decision = CompletableFuture.completedFuture(null);

    /** One permit: what it was asked for, and how it ended. */
    public final class Grant implements Permit {
        private final Demand demand;
        private long reservedNanoUsd;
        private Amount used;
        private int extended;
        private int ends;
        private int endedTwice;

        private Grant(Demand demand) {
            this.demand = demand;
            this.reservedNanoUsd = demand.amount().nanoUsd().orElse(0);
        }

        public Demand demand() {
            return demand;
        }

        /** What it was settled with; null where it was withdrawn or is still held. */
        public Amount used() {
            return used;
        }

        public boolean isEnded() {
            return ends > 0;
        }

        /** How often it asked for more. */
        public int extended() {
            return extended;
        }

        @Override
        public void settle(Amount actual) {
            end(actual);
        }

        @Override
        public void withdraw() {
            end(null);
        }

        private void end(Amount actual) {
            synchronized (CountingLimits.this) {
                if (ends++ > 0) {
                    endedTwice++;
                    return;
                }
                used = actual;
                if (demand.provider() == null) {
                    reserved -= reservedNanoUsd;
                    charged += actual == null ? 0 : actual.nanoUsd().orElse(0);
                }
            }
        }

        @Override
        public CompletionStage<Void> extend(Amount more) {
            CompletionStage<Void> granted = granted(more);
            return decision.thenCompose(decided -> granted);
        }

        private CompletionStage<Void> granted(Amount more) {
            synchronized (CountingLimits.this) {
                extended++;
                long nanoUsd = more.nanoUsd().orElse(0);
                if (demand.provider() == null) {
                    if (charged + reserved + nanoUsd > budget) {
                        refused++;
                        return CompletableFuture.failedStage(budgetExceeded());
                    }
                    reserved += nanoUsd;
                }
                reservedNanoUsd += nanoUsd;
                return CompletableFuture.completedStage(null);
            }
        }

        @Override
        public List<Headroom> headroom() {
            return headroom;
        }
    }

    /** What all calls together may cost, in nano-USD. */
    public synchronized CountingLimits budget(long nanoUsd) {
        budget = nanoUsd;
        return this;
    }

    /** From now on nobody hears whether there is more. */
    public void decideLater() {
        decision = new CompletableFuture<>();
    }

    /** Tells those who wait. */
    public void decide() {
        decision.complete(null);
    }

    /** From now on the limits of a provider are used up. */
    public synchronized CountingLimits spent(String provider) {
        spent.add(provider);
        return this;
    }

    public synchronized CountingLimits headroom(List<Permit.Headroom> rooms) {
        headroom = List.copyOf(rooms);
        return this;
    }

    @Override
    public synchronized CompletionStage<Permit> reserve(Demand demand) {
        long nanoUsd = demand.amount().nanoUsd().orElse(0);
        if (demand.provider() == null && charged + reserved + nanoUsd > budget) {
            refused++;
            return CompletableFuture.failedStage(budgetExceeded());
        }
        if (demand.provider() != null && spent.contains(demand.provider())) {
            refused++;
            return CompletableFuture.failedStage(
                    new Refusal(ErrorCode.POLICY_RATE_LIMITED, "provider \"" + demand.provider() + "\" is used up"));
        }
        reserved += demand.provider() == null ? nanoUsd : 0;
        Grant grant = new Grant(demand);
        grants.add(grant);
        return CompletableFuture.completedStage(grant);
    }

    private static Refusal budgetExceeded() {
        return new Refusal(ErrorCode.POLICY_BUDGET_EXCEEDED, "the budget of these tests is spent");
    }

    @Override
    public void seed(Stream<PastUse> uses) {
        throw new UnsupportedOperationException("no past");
    }

    /** The permits of calls as a whole, in order. */
    public synchronized List<Grant> calls() {
        return grants.stream().filter(each -> each.demand.provider() == null).toList();
    }

    /** The permits of attempts, in order. */
    public synchronized List<Grant> attempts() {
        return grants.stream().filter(each -> each.demand.provider() != null).toList();
    }

    /** What all calls were charged, in nano-USD. */
    public synchronized long charged() {
        return charged;
    }

    /** What is reserved by calls under way, in nano-USD. */
    public synchronized long reserved() {
        return reserved;
    }

    /** How often somebody was refused. */
    public synchronized int refused() {
        return refused;
    }

    /** Whether every permit has ended, and once only. */
    public synchronized boolean isEven() {
        return reserved == 0 && grants.stream().allMatch(each -> each.ends == 1 && each.endedTwice == 0);
    }

    /** The cost of an amount of a call; zero where it has none. */
    public static long cost(Amount amount) {
        return amount == null ? 0 : amount.nanoUsd().orElse(0);
    }

    /** An amount as far as tests compare it. */
    public static Amount amount(long input, long output, long nanoUsd) {
        return new Amount(1, input, output, OptionalLong.of(nanoUsd));
    }
}
