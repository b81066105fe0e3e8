package dev.tollgate.lease;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What leasing has done since the start: how many calls were let through without asking the cluster, and how the cluster answered. */
public final class LeaseCounts {
    private static final System.Logger LOG = System.getLogger(LeaseCounts.class.getName());

    final LongAdder leasedTakes = new LongAdder();
    final LongAdder questions = new LongAdder();
    final LongAdder rememberedRefusals = new LongAdder();
    final LongAdder timeouts = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder lateAnswers = new LongAdder();
    final Outage outage;

    /** Counts of a node that tells its log when the cluster stops answering, and when it answers again. */
    public LeaseCounts() {
        this(line -> LOG.log(Level.WARNING, line));
    }

    LeaseCounts(Consumer<String> tell) {
        this.outage = new Outage(tell);
    }

    /** Amounts taken without asking the cluster. */
    public long leasedTakes() {
        return leasedTakes.sum();
    }

    /** Questions to the cluster for amounts and slots, and what it was told of slots. */
    public long questions() {
        return questions.sum();
    }

    /** Shows all counts under the names that metrics know them by. */
    public void showOn(Board board) {
        board.show(
                "tollgate_cluster_leased_takes_total", "Amounts taken without asking the cluster.", leasedTakes::sum);
        board.show("tollgate_cluster_questions_total", "Questions to the cluster.", questions::sum);
        board.show(
                "tollgate_cluster_remembered_refusals_total",
                "Refusals by one that was remembered, without asking the cluster.",
                rememberedRefusals::sum);
        board.show("tollgate_cluster_timeouts_total", "Questions not answered in time.", timeouts::sum);
        board.show("tollgate_cluster_failures_total", "Questions that failed.", failures::sum);
        board.show("tollgate_cluster_late_answers_total", "Answers that came after their time.", lateAnswers::sum);
    }

    /** Where counts are shown. */
    public interface Board {
        void show(String name, String help, LongSupplier count);
    }
}
