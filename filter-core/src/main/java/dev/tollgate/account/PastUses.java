package dev.tollgate.account;

import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Span;
import dev.tollgate.config.Settings.Unit;
import dev.tollgate.ledger.Damage;
import dev.tollgate.ledger.Entry;
import dev.tollgate.ledger.LedgerReader;
import dev.tollgate.ledger.Party;
import dev.tollgate.limit.Amount;
import dev.tollgate.limit.PastUse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a node has used of the windows that are still open, as its own ledger tells. */
public final class PastUses {
    private static final System.Logger LOG = System.getLogger(PastUses.class.getName());

    /** Windows begin at multiples of this wherever clocks are set by law. */
    private static final long QUARTER_SECONDS = Duration.ofMinutes(15).toSeconds();

    /** Windows are longer by this where clocks are set back. */
    private static final Duration CLOCK_CHANGE = Duration.ofDays(1);

    private final Map<Key, Sum> sums = new HashMap<>();

    private record Key(Instant at, Party party, @Nullable String provider) {}

    private static final class Sum {
        private long requests;
        private long input;
        private long output;
        private long nanoUsd;
    }

    private PastUses() {}

    /**
     * Reads what the limits of a configuration must know of the past; nothing where none of them has windows.
     *
     * @param directory the folder of the node's ledger
     * @throws UncheckedIOException when it cannot be read
     */
    public static Stream<PastUse> read(Settings settings, Path directory, Instant now) {
        Optional<Duration> longest = spans(settings).map(PastUses::length).max(Duration::compareTo);
        if (longest.isEmpty()) {
            return Stream.empty();
        }
        PastUses uses = new PastUses();
        try {
            new LedgerReader(List.of(directory))
                    .read(now.minus(longest.get()), now.plus(CLOCK_CHANGE), uses::add, PastUses::tell);
        } catch (IOException e) {
            throw new UncheckedIOException("the ledger in " + directory + " cannot be read: " + e.getMessage(), e);
        }
        return uses.stream();
    }

    private static void tell(Damage damage) {
        LOG.log(Level.WARNING, "windows may let more through than they should: the ledger is damaged: {0}", damage);
    }

    private static Stream<Span.Calendar> spans(Settings settings) {
        return settings.limits().stream()
                .flatMap(limit -> Stream.concat(
                        Stream.of(limit.requests(), limit.tokens(), limit.inputTokens(), limit.outputTokens())
                                .flatMap(Optional::stream)
                                .map(Settings.Rate::span),
                        limit.spend().stream().map(Settings.Budget::span)))
                .filter(Span.Calendar.class::isInstance)
                .map(Span.Calendar.class::cast);
    }

    private static Duration length(Span.Calendar span) {
        return length(span.unit()).plus(CLOCK_CHANGE);
    }

    private static Duration length(Unit unit) {
        return switch (unit) {
            case HOUR -> Duration.ofHours(1);
            case DAY -> Duration.ofDays(1);
            case WEEK -> Duration.ofDays(7);
            case MONTH -> Duration.ofDays(31);
            case QUARTER -> Duration.ofDays(92);
            case YEAR -> Duration.ofDays(366);
        };
    }

    /** Calls are what their attempts add up to: a call whose node died has no row of its own. */
    private void add(Entry entry) {
        if (entry instanceof Entry.Ended ended) {
            add(ended, null, ended.attempt().endsWith("/1") ? 1 : 0);
            add(ended, providerOf(ended.target()), 1);
        }
    }

    private void add(Entry.Ended ended, @Nullable String provider, int requests) {
        long second = ended.at().getEpochSecond();
        Instant quarter = Instant.ofEpochSecond(second - Math.floorMod(second, QUARTER_SECONDS));
        Sum sum = sums.computeIfAbsent(new Key(quarter, ended.party(), provider), first -> new Sum());
        sum.requests += requests;
        sum.input += ended.usage().input();
        sum.output += ended.usage().output();
        sum.nanoUsd += ended.costNanoUsd().orElse(0);
    }

    private static String providerOf(String target) {
        int slash = target.indexOf('/');
        return slash < 0 ? target : target.substring(0, slash);
    }

    private Stream<PastUse> stream() {
        return sums.entrySet().stream().map(each -> pastUse(each.getKey(), each.getValue()));
    }

    private static PastUse pastUse(Key key, Sum sum) {
        Party party = key.party();
        return new PastUse(
                key.at(),
                party.key(),
                party.team(),
                party.user(),
                party.model() == null ? "" : party.model(),
                key.provider(),
                new Amount(sum.requests, sum.input, sum.output, OptionalLong.of(sum.nanoUsd)));
    }
}
