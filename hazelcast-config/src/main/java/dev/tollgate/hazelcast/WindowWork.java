package dev.tollgate.hazelcast;

import dev.tollgate.limit.LimitStore.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What is asked of a window of the calendar. */
final class WindowWork extends AllowanceWork {
    private static final long serialVersionUID = 1L;
    private static final long KEPT_WHEN_OVER_MILLIS = Duration.ofDays(1).toMillis();

    WindowWork() {}

    WindowWork(Question question) {
        super(question);
    }

    @Override
    public long[] process(Map.Entry<String, byte[]> entry) {
        Question asked = asked();
        byte[] value = entry.getValue();
        Portion portion = portion(asked.size());
        WindowEntry window = value == null ? WindowEntry.fresh(asked.capacity(), portion) : WindowEntry.of(value);
        boolean changed = window.adapt(asked.capacity(), portion);
        long[] answer = answer(asked, portion, window, changed && value != null, entry);
        return Answer.with(answer, window.charged(asked.node()));
    }

    private long[] answer(
            Question asked, Portion portion, WindowEntry window, boolean changed, Map.Entry<String, byte[]> entry) {
        return switch (asked.kind()) {
            case TAKE -> take(asked, portion, window, changed, entry);
            case LOOK -> look(asked, portion, window);
            case GIVE_BACK -> {
                window.giveBack(asked.node(), asked.amount(), asked.sequence());
                yield entry.getValue() == null ? Answer.taken(0, 0) : kept(asked, window, entry);
            }
            case CHARGE -> {
                window.charge(asked.node(), asked.amount());
                yield kept(asked, window, entry);
            }
            case SEED -> {
                // The sides have shared out what was left by what they had counted: what was counted then stays
                // counted.
                if (portion.isWhole() || asked.amount() >= window.charged(asked.node())) {
                    window.seed(asked.node(), asked.amount(), asked.sequence());
                }
                yield kept(asked, window, entry);
            }
        };
    }

    private long[] take(
            Question asked, Portion portion, WindowEntry window, boolean changed, Map.Entry<String, byte[]> entry) {
        if (asked.needed() <= window.left()) {
            window.charge(asked.node(), asked.amount());
            return kept(asked, window, entry);
        }
        if (changed) {
            kept(asked, window, entry);
        }
        return look(asked, portion, window);
    }

    private static long[] look(Question asked, Portion portion, WindowEntry window) {
        long left = window.left();
        long rest = rest(asked);
        if (asked.needed() > asked.capacity()) {
            return Answer.refused(left, Verdict.NEVER, rest);
        }
        if (asked.needed() <= left) {
            return Answer.refused(left, 0, rest);
        }
        // The other sides may not have used their shares: that it is spent cannot be said.
        boolean unknown = !portion.isWhole() && asked.needed() <= asked.capacity() - window.used();
        return unknown ? Answer.unavailable() : Answer.refused(left, Math.max(1, rest), rest);
    }

    private long[] kept(Question asked, WindowEntry window, Map.Entry<String, byte[]> entry) {
        long rest = rest(asked);
        keep(entry, window.bytes(), TimeUnit.NANOSECONDS.toMillis(rest) + KEPT_WHEN_OVER_MILLIS);
        return Answer.taken(window.left(), rest);
    }

    private static long rest(Question asked) {
        return Math.max(0, TimeUnit.MILLISECONDS.toNanos(asked.ends().toEpochMilli()) - asked.now());
    }

    @Override
    public int getClassId() {
        return GridSerialization.WINDOW_WORK;
    }
}
