package dev.tollgate.meter;

import dev.tollgate.ErrorCode;
import dev.tollgate.access.Caller;
import dev.tollgate.chat.Usage;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of one call. It holds no prompt, no answer, no key and no header value.
 *
 * @param id the call's id, as {@code x-tollgate-call-id} gave it
 * @param started when the request arrived
 * @param dialect the caller's dialect
 * @param endpoint the route template, for example "/v1/chat/completions"
 * @param caller who called, or null when that was not established
 * @param model the model name asked for, or null when the body was never understood
 * @param configured the configured model that served it (a name or pattern), or null
 * @param target the target that answered last, as "provider/model", or null when none was asked
 * @param attempts every attempt, in order
 * @param status the HTTP status the caller got
 * @param error what went wrong, or null when the call was answered whole
 * @param stream whether the answer was streamed
 * @param usage what all attempts used, or null when nothing was used or it is not known
 * @param estimated whether some of {@code usage} was counted by the gateway because a provider did not report it
 * @param costNanoUsd what all attempts cost in nano-USD; empty when one of them is unpriced or nothing was used
 * @param firstByteNanos nanoseconds from arrival to the first byte to the caller, or empty when none was sent
 * @param totalNanos nanoseconds from arrival to the end
 * @param upstreamNanos nanoseconds of it spent waiting for providers
 * @param finish the provider's word for why it stopped, or null
 * @param dropped names of what could not be carried across dialects
 * @param operation what was asked for, in lower case
 * @param bytesIn how many bytes of a request that is not translated came, as far as they were wanted
 * @param bytesOut how many bytes its answer had
 */
public record CallRecord(
        String id,
        Instant started,
        String dialect,
        String endpoint,
        @Nullable Caller caller,
        @Nullable String model,
        @Nullable String configured,
        @Nullable String target,
        List<Attempt> attempts,
        int status,
        @Nullable ErrorCode error,
        boolean stream,
        @Nullable Usage usage,
        boolean estimated,
        OptionalLong costNanoUsd,
        OptionalLong firstByteNanos,
        long totalNanos,
        long upstreamNanos,
        @Nullable String finish,
        List<String> dropped,
        String operation,
        long bytesIn,
        long bytesOut) {

    public CallRecord {
        attempts = List.copyOf(attempts);
        dropped = List.copyOf(dropped);
    }

    /**
     * One request to one provider.
     *
     * @param target "provider/model"
     * @param status the provider's HTTP status, or 0 when it gave none
     * @param error why the attempt did not serve, or null when it did
     * @param nanos nanoseconds until it served or had failed
     * @param usage what it used, or null when nothing was used or it is not known
     * @param estimated whether {@code usage} was counted by the gateway because the provider did not report it
     * @param costNanoUsd what it cost in nano-USD; empty when the model is unpriced or the usage unknown
     */
    public record Attempt(
            String target,
            int status,
            @Nullable ErrorCode error,
            long nanos,
            @Nullable Usage usage,
            boolean estimated,
            OptionalLong costNanoUsd) {

        /** An attempt that used nothing. */
        public Attempt(String target, int status, @Nullable ErrorCode error, long nanos) {
            this(target, status, error, nanos, null, false, OptionalLong.of(0));
        }
    }
}
