package dev.tollgate.bench.limits;

import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Budget;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Mode;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Rate;
import dev.tollgate.config.Settings.Span;
import dev.tollgate.config.Settings.Unit;
import dev.tollgate.limit.Amount;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The limits that calls go through, which are never met, and what the calls take of them.
 *
 * @param name tells its allowances from another's
 * @param title what it is called in tables
 * @param reserved what a call reserves
 * @param used what it is settled with
 */
public record Load(String name, String title, List<Limit> limits, Amount reserved, Amount used) {

    /** One bucket: as little as a limit can be. */
    public static final Load ONE = new Load(
            "one",
            "requests per key",
            List.of(limit(Per.KEY, Optional.empty(), Optional.empty())),
            Amount.ONE_REQUEST,
            Amount.ONE_REQUEST);

    /** What an operator is likely to have: two buckets of the key's, a bucket and a budget of the team's. */
    public static final Load FOUR = new Load(
            "four",
            "requests and tokens per key, requests and spend per team",
            List.of(
                    limit(Per.KEY, Optional.of(minutely(50_000_000_000L)), Optional.empty()),
                    limit(Per.TEAM, Optional.empty(), Optional.of(monthly(1_000_000_000_000_000_000L)))),
            new Amount(1, 1000, 512, OptionalLong.of(10_000_000)),
            new Amount(1, 900, 200, OptionalLong.of(6_000_000)));

    /** Both. */
    public static List<Load> all() {
        return List.of(ONE, FOUR);
    }

    private static Rate minutely(long amount) {
        return new Rate(amount, Duration.ofMinutes(1));
    }

    private static Budget monthly(long nanoUsd) {
        return new Budget(nanoUsd, new Span.Calendar(Unit.MONTH, ZoneOffset.UTC), List.of(), true, false, List.of());
    }

    private static Limit limit(Per per, Optional<Rate> tokens, Optional<Budget> spend) {
        return new Limit(
                per,
                null,
                null,
                Optional.of(minutely(6_000_000_000L)),
                tokens,
                Optional.empty(),
                Optional.empty(),
                0,
                spend,
                Mode.ENFORCE,
                Optional.empty(),
                0);
    }

    Settings settings() {
        return new Settings(
                Map.of(),
                Map.of(),
                List.of(),
                new Settings.Access(false),
                limits,
                Settings.Cluster.NONE,
                Settings.Server.DEFAULT,
                Map.of());
    }
}
