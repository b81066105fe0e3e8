package dev.tollgate.dialect.openairesponses;

import dev.tollgate.dialect.ToolIds;
import java.time.Instant;
import java.time.InstantSource;

/** The ids of one answer and of its items, made from the id that its provider gave it. */
final class ItemIds {
    private static final String RESPONSE = "resp_";

    private final String core;
    private int next;

    /** @param given the provider's id; where it gave none, the time stands for it */
    ItemIds(String given, InstantSource clock) {
        String words = given.isEmpty() ? time(clock.instant()) : ToolIds.wordsOnly(given);
        this.core = words.startsWith(RESPONSE) ? words.substring(RESPONSE.length()) : words;
    }

    private static String time(Instant now) {
        return Long.toHexString(now.getEpochSecond()) + Integer.toHexString(now.getNano());
    }

    String response() {
        return RESPONSE + core;
    }

    /** A new id that says by its prefix ("msg") what it is of. */
    String next(String prefix) {
        return prefix + '_' + core + '_' + next++;
    }
}
