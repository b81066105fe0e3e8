package dev.tollgate.ledger;

import dev.tollgate.ErrorCode;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings.Ledger.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The attempts that have been started and have not ended. Each file repeats them, so that the newest tells of all. */
final class OpenAttempts {
    /** No attempt takes longer; one that is open after that was forgotten. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Map<String, Entry.Started> open = new LinkedHashMap<>();
    private final Unknown policy;

    OpenAttempts(Unknown policy) {
        this.policy = policy;
    }

    void follow(Entry entry) {
        if (entry instanceof Entry.Started started) {
            open.put(started.id(), started);
        } else if (entry instanceof Entry.Ended ended) {
            open.remove(ended.id());
        }
    }

    /** The rows that a new file begins with; what has been open for too long ends here. */
    List<Entry> carriedAt(Instant now) {
        List<Entry> rows = new ArrayList<>(open.size());
        open.values().removeIf(started -> {
            boolean forgotten = started.at().plus(LONGEST).isBefore(now);
            rows.add(forgotten ? unknown(started) : started);
            return forgotten;
        });
        return rows;
    }

    /** The ends of all that is open, for a node that begins anew. */
    List<Entry> endAll() {
        List<Entry> ends = new ArrayList<>(open.size());
        open.values().forEach(started -> ends.add(unknown(started)));
        open.clear();
        return ends;
    }

    /** It ends when it was started: nothing later is known of it. */
    private Entry unknown(Entry.Started started) {
        boolean charged = policy == Unknown.CHARGE;
        return new Entry.Ended(
                started.attempt(),
                started.at(),
                started.party(),
                started.target(),
                0,
                ErrorCode.GATEWAY_ABORTED,
                charged ? reserved(started) : Usage.NONE,
                true,
                charged ? started.costNanoUsd() : OptionalLong.of(0));
    }

    private static Usage reserved(Entry.Started started) {
        return new Usage(started.inputTokens(), 0, 0, 0, started.outputTokens(), 0, 0, 0, Extras.NONE);
    }
}
