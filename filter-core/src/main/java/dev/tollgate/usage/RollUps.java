package dev.tollgate.usage;

import dev.tollgate.ledger.Sums;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What all nodes have used: this one's totals, published every few seconds, and those of the others. Everything is published
 * anew once an hour, so that a cluster that lost it has it again.
 */
public final class RollUps {
    private static final System.Logger LOG = System.getLogger(RollUps.class.getName());

    /** How often what has changed is to be published. */
    public static final Duration PERIOD = Duration.ofSeconds(5);

    /** Totals are found for longer than they are kept, so that none is missing before it is published again. */
    private static final Duration LONGER = Duration.ofHours(2);

    private static final long ALL_EVERY = Duration.ofHours(1).dividedBy(PERIOD);

    private final UsageTotals totals;
    private final SharedUsage shared;
    private final String node;
    private volatile boolean complete;
    private long published;

    /** A period, who has used it, and how much. */
    public record Used(String period, String name, Sums sums) {}

    /** @param node the id of this node, which it keeps as long as its ledger */
    public RollUps(UsageTotals totals, SharedUsage shared, String node) {
        this.totals = totals;
        this.shared = shared;
        this.node = node;
    }

    /** Says that the totals hold all that was used before the node was started. Nothing is published before. */
    public void complete() {
        complete = true;
    }

    public boolean isComplete() {
        return complete;
    }

    /** Publishes what has changed. Completes, never exceptionally, when that has been done or has failed. */
    public CompletionStage<Void> publish() {
        if (!complete) {
            return CompletableFuture.completedFuture(null);
        }
        synchronized (this) {
            if (++published % ALL_EVERY == 0) {
                totals.forgetPublished();
            }
        }
        return CompletableFuture.allOf(Arrays.stream(Per.values())
                .map(per -> publish(per).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<Void> publish(Per per) {
        Map<String, String> changed = totals.changed(per);
        if (changed.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletionStage<Void> now = CompletableFuture.completedFuture(null);
        return now.thenCompose(go -> shared.publish(node, changed, per.kept().plus(LONGER)))
                .exceptionally(failure -> {
                    LOG.log(Level.DEBUG, "totals of usage could not be published; they will be with the next", failure);
                    totals.forgetPublished();
                    return null;
                });
    }

    /** What has been used, in the order of periods and names; fails when the cluster does not answer. */
    public CompletionStage<List<Used>> find(UsageQuestion question) {
        return publish().thenCompose(done -> shared.find(question.prefix())).thenApply(found -> sum(found, question));
    }

    private static List<Used> sum(Map<String, String> found, UsageQuestion question) {
        Map<String, Map<String, Sums>> periods = new TreeMap<>();
        found.forEach((name, text) -> TotalName.ofShared(name)
                .filter(question::asksFor)
                .ifPresent(total -> periods.computeIfAbsent(total.period(), period -> new TreeMap<>())
                        .computeIfAbsent(total.name(), unused -> new Sums())
                        .add(Sums.ofText(text))));
        List<Used> used = new ArrayList<>();
        periods.forEach((period, names) -> names.forEach((name, sums) -> used.add(new Used(period, name, sums))));
        return used;
    }
}
