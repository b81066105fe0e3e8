package dev.tollgate.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Budget;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Span;
import dev.tollgate.config.Settings.Unit;
import dev.tollgate.ledger.Entry;
import dev.tollgate.ledger.Journal;
import dev.tollgate.ledger.Party;
import dev.tollgate.limit.Amount;
import dev.tollgate.limit.PastUse;
import dev.tollgate.testing.SettingsOf;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PastUsesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:07:00Z");
    private static final Party PARTY = new Party("key", "team", null, "smart");

    @TempDir
    Path folder;

    private void write(Entry... rows) {
        Journal journal = Journal.open(new Settings.Ledger(folder), InstantSource.fixed(NOW), row -> {});
        journal.write(List.of(rows)).toCompletableFuture().join();
        journal.close();
    }

    private static Entry ended(String attempt, Instant at, long nanoUsd) {
        Usage usage = new Usage(10, 0, 0, 0, 5, 0, 0, 0, Extras.NONE);
        return new Entry.Ended(attempt, at, PARTY, "one/m", 200, null, usage, false, OptionalLong.of(nanoUsd));
    }

    private static Settings budget(Unit unit) {
        Budget budget = new Budget(1_000, new Span.Calendar(unit, ZoneOffset.UTC), List.of(), true, true, List.of());
        return SettingsOf.limits(new Limit(
                Per.KEY,
                null,
                null,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.of(budget),
                Settings.Mode.ENFORCE,
                Optional.empty(),
                0));
    }

    @Test
    void theAttemptsOfACallAreOneRequestOfTheCallAndEachOneOfItsProvider() {
        write(ended("call_1/1", NOW, 7), ended("call_1/2", NOW, 30), ended("call_2/1", NOW, 100));

        assertThat(PastUses.read(budget(Unit.MONTH), folder, NOW))
                .containsExactlyInAnyOrder(
                        use(null, new Amount(2, 30, 15, OptionalLong.of(137))),
                        use("one", new Amount(3, 30, 15, OptionalLong.of(137))));
    }

    private static PastUse use(String provider, Amount amount) {
        return new PastUse(Instant.parse("2026-11-24T12:00:00Z"), "key", "team", null, "smart", provider, amount);
    }

    @Test
    void noMoreIsReadThanTheLongestWindowCanHold() {
        write(ended("call_1/1", NOW.minus(Duration.ofDays(40)), 7), ended("call_2/1", NOW, 5));

        assertThat(PastUses.read(budget(Unit.MONTH), folder, NOW)).hasSize(2);
        assertThat(PastUses.read(budget(Unit.QUARTER), folder, NOW)).hasSize(4);
    }

    @Test
    void withoutWindowsNothingIsRead() {
        assertThat(PastUses.read(SettingsOf.limits(), folder.resolve("missing"), NOW))
                .isEmpty();
    }
}
