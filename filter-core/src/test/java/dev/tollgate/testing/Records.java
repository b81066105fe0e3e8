package dev.tollgate.testing;

import dev.tollgate.ErrorCode;
import dev.tollgate.access.Caller;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.meter.CallRecord.Attempt;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Records of calls that went one way or another. */
public final class Records {

    private static final Usage USAGE = new Usage(100, 20, 30, 0, 50, 10, 0, 0, Extras.NONE);

    private Records() {}

    /** A streamed call that failed over from one provider to another and was answered whole. */
    public static CallRecord answered() {
        return answered("smart", "smart");
    }

    /** The same, with chosen texts for the model that was asked for and the configured one. */
    public static CallRecord answered(String model, String configured) {
        return new CallRecord(
                "call_1",
                Instant.parse("2026-11-24T10:00:00Z"),
                "openai-chat",
                "/v1/chat/completions",
                new Caller("search-ci", "search", null, List.of("*")),
                model,
                configured,
                "claude/claude-sonnet-4-5",
                List.of(
                        new Attempt("openai/gpt-5.1", 503, ErrorCode.PROVIDER_OVERLOADED, 40_000_000),
                        new Attempt(
                                "claude/claude-sonnet-4-5",
                                200,
                                null,
                                460_000_000,
                                USAGE,
                                false,
                                OptionalLong.of(1_234_000))),
                200,
                null,
                true,
                USAGE,
                false,
                OptionalLong.of(1_234_000),
                OptionalLong.of(501_000_000),
                2_000_000_000,
                500_000_000,
                "end_turn",
                List.of("logprobs"),
                "chat",
                0,
                0);
    }

    /** A call that was refused before anything was known about it. */
    public static CallRecord refused() {
        return new CallRecord(
                "call_2",
                Instant.parse("2026-11-24T10:00:00Z"),
                "anthropic",
                "/v1/messages",
                null,
                null,
                null,
                null,
                List.of(),
                401,
                ErrorCode.CALLER_NO_KEY,
                false,
                null,
                false,
                OptionalLong.empty(),
                OptionalLong.of(200_000),
                300_000,
                0,
                null,
                List.of(),
                "chat",
                0,
                0);
    }
}
