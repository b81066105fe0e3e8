package dev.tollgate.usage;

import dev.tollgate.ledger.Dimension;
import dev.tollgate.ledger.Entry;
import dev.tollgate.ledger.Sums;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What one node has used, by the hour and by the day, of each key, team, user, model and provider. Bounded: of each kind
 * {@link #MOST_NAMES} are told apart in a period, and those beyond share the name {@link #OTHER}.
 */
public final class UsageTotals implements Consumer<Entry> {
    /** How many names of a kind are told apart in a period. */
    public static final int MOST_NAMES = 1_000;

    /** The name of all beyond. */
    public static final String OTHER = "(other)";

    static final List<Dimension> KINDS =
            List.of(Dimension.KEY, Dimension.TEAM, Dimension.USER, Dimension.MODEL, Dimension.PROVIDER);

    private final InstantSource clock;
    private final Map<Per, NavigableMap<Long, Period>> periods = new EnumMap<>(Per.class);

    /** The totals of a period, and which of them have changed since they were last asked for. */
    private static final class Period {
        private final String name;
        private final Map<Dimension, Map<String, Total>> totals = new EnumMap<>(Dimension.class);

        Period(String name) {
            this.name = name;
            KINDS.forEach(kind -> totals.put(kind, new HashMap<>()));
        }

        void add(Entry row) {
            totals.forEach((kind, names) -> {
                String wanted = kind.of(row, ZoneOffset.UTC);
                String name = names.size() < MOST_NAMES || names.containsKey(wanted) ? wanted : OTHER;
                Total total = names.computeIfAbsent(name, unused -> new Total());
                total.sums.add(row);
                total.changed = true;
            });
        }
    }

    private static final class Total {
        private final Sums sums = new Sums();
        private boolean changed;
    }

    public UsageTotals(InstantSource clock) {
        this.clock = clock;
        for (Per per : Per.values()) {
            periods.put(per, new TreeMap<>());
        }
    }

    /** Adds a row up. Rows of periods that are no longer kept are left out. */
    @Override
    public synchronized void accept(Entry row) {
        if (Sums.counts(row)) {
            Instant now = clock.instant();
            periods.forEach((per, those) -> add(per, those, row, now));
        }
    }

    private static void add(Per per, NavigableMap<Long, Period> those, Entry row, Instant now) {
        long oldest = per.numberAt(now.minus(per.kept()));
        long number = per.numberAt(row.at());
        if (number < oldest) {
            return;
        }
        Period period = those.get(number);
        if (period == null) {
            those.headMap(oldest).clear();
            period = new Period(per.nameAt(row.at()));
            those.put(number, period);
        }
        period.add(row);
    }

    /** The totals that have changed since this was last called, by the names they are published under. */
    synchronized Map<String, String> changed(Per per) {
        Map<String, String> changed = new HashMap<>();
        for (Period period : periods.getOrDefault(per, new TreeMap<>()).values()) {
            period.totals.forEach((kind, names) -> names.forEach((name, total) -> {
                if (total.changed) {
                    total.changed = false;
                    changed.put(TotalName.of(per, period.name, kind, name), total.sums.text());
                }
            }));
        }
        return changed;
    }

    /** Has everything count as changed, for one that may have lost what it was told. */
    synchronized void forgetPublished() {
        periods.values().stream()
                .flatMap(those -> those.values().stream())
                .flatMap(period -> period.totals.values().stream())
                .flatMap(names -> names.values().stream())
                .forEach(total -> total.changed = true);
    }
}
