package dev.tollgate.ledger;

import dev.tollgate.ErrorCode;
import dev.tollgate.chat.Usage;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger. Of several rows of the same kind with the same id the last counts, so that writing one twice does no
 * harm. Texts longer than {@link #LONGEST_TEXT} characters are cut; a usage's extras are not kept.
 */
public sealed interface Entry {

    /** The most characters of a text that a row keeps. */
    int LONGEST_TEXT = 300;

    /** The call's id; for an attempt {@link #attemptId}. */
    String id();

    /** When it happened. */
    Instant at();

    /** Whom it is charged to. */
    Party party();

    /**
     * The id of a call's attempt.
     *
     * @param number the attempt's number, from 1
     */
    static String attemptId(String call, int number) {
        return call + '/' + number;
    }

    /**
     * An attempt is about to be sent. Where no {@link Ended} follows because the node died, this is what it is charged by.
     *
     * @param attempt the attempt's id
     * @param at when it was sent
     * @param target "provider/model"
     * @param inputTokens the input tokens reserved for it
     * @param outputTokens the output tokens reserved for it
     * @param costNanoUsd the most it may cost, in nano-USD; empty when it is unpriced
     */
    record Started(
            String attempt,
            Instant at,
            Party party,
            String target,
            long inputTokens,
            long outputTokens,
            OptionalLong costNanoUsd)
            implements Entry {
        @Override
        public String id() {
            return attempt;
        }
    }

    /**
     * An attempt has ended, whether or not it served. What attempts cost, added up, is what is paid.
     *
     * @param attempt the attempt's id
     * @param at when it ended
     * @param target "provider/model"
     * @param status the provider's HTTP status, or 0 when it gave none
     * @param error why it did not serve, or null when it did; {@link ErrorCode#GATEWAY_ABORTED} when its node died before it ended
     * @param usage what it used
     * @param estimated whether the gateway counted the usage because the provider did not report it
     * @param costNanoUsd what it cost in nano-USD; empty when it is unpriced
     */
    record Ended(
            String attempt,
            Instant at,
            Party party,
            String target,
            int status,
            @Nullable ErrorCode error,
            Usage usage,
            boolean estimated,
            OptionalLong costNanoUsd)
            implements Entry {
        @Override
        public String id() {
            return attempt;
        }
    }

    /**
     * A call is over.
     *
     * @param call the call's id
     * @param at when it ended
     * @param target the target that answered last, as "provider/model"; null when none was asked
     * @param attempts how many attempts it made
     * @param status the HTTP status its caller got
     * @param error what went wrong, or null when it was answered whole
     * @param usage what all its attempts used
     * @param estimated whether any of that was counted by the gateway
     * @param costNanoUsd what all its attempts cost in nano-USD; empty when one of them is unpriced
     * @param totalNanos nanoseconds from its arrival to its end
     */
    record Called(
            String call,
            Instant at,
            Party party,
            @Nullable String target,
            int attempts,
            int status,
            @Nullable ErrorCode error,
            Usage usage,
            boolean estimated,
            OptionalLong costNanoUsd,
            long totalNanos)
            implements Entry {
        @Override
        public String id() {
            return call;
        }
    }
}
