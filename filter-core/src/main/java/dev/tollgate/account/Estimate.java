package dev.tollgate.account;

import dev.tollgate.Call;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.estimate.RequestSize;
import dev.tollgate.estimate.TokenRatios;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.limit.Amount;
import dev.tollgate.price.Prices;
import dev.tollgate.provider.Operation;
import dev.tollgate.route.Candidate;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a call may use, judged by its request.
 *
 * @param size how much there is to read
 * @param outputTokens the output tokens that all its answers together may have
 * @param bounded whether the request itself says so, so that its provider stops there
 * @param serviceTier the service tier that it asks for, or null
 */
record Estimate(
        Operation operation,
        RequestSize size,
        long outputTokens,
        boolean bounded,
        @Nullable String serviceTier) {
    static final Estimate NONE = new Estimate(Operation.RELAY, RequestSize.NOTHING, 0, true, null);

    /** What a call reserves that will cost nobody knows how much: it gets through while a budget has anything left. */
    private static final long LEAST = 1;

    /** What answers hardly have more of, whatever they may have. */
    private static final long USUAL_OUTPUT = 1_000;

    /** The most that is believed of a number of answers. */
    private static final long MOST_ANSWERS = 1 << 20;

    /** Of a call that is read and planned. */
    static Estimate of(Call call) {
        Operation operation = call.endpoint().operation();
        if (operation == Operation.RELAY || operation == Operation.COUNT_TOKENS) {
            return new Estimate(operation, RequestSize.NOTHING, 0, true, null);
        }
        JsonDocument body = call.body();
        OptionalLong asked = call.endpoint().format().mostOutput(body);
        long answers =
                Math.max(1, Math.min(MOST_ANSWERS, call.endpoint().format().answers(body)));
        long each = asked.orElse(call.plan().model().maxOutputTokens());
        return new Estimate(operation, RequestSize.of(body.bytes()), each * answers, asked.isPresent(), tier(body));
    }

    private static @Nullable String tier(JsonDocument body) {
        return body.text("service_tier").or(() -> body.text("serviceTier")).orElse(null);
    }

    /** Whether it can cost anything. */
    boolean isPaid(List<Candidate> candidates) {
        return operation != Operation.COUNT_TOKENS
                && candidates.stream().anyMatch(each -> !each.model().isEmpty());
    }

    /** What one target may use of it at most. */
    Amount at(Candidate target, TokenRatios ratios, Prices prices) {
        long input = ratios.inputAtMost(target, size);
        return new Amount(1, input, outputTokens, costAt(target, input, prices));
    }

    /** Counting is free; what a call costs that is not translated comes out with its answer. */
    private OptionalLong costAt(Candidate target, long input, Prices prices) {
        if (operation == Operation.COUNT_TOKENS || target.model().isEmpty()) {
            return OptionalLong.of(0);
        }
        if (operation == Operation.RELAY) {
            return prices.isPriced(target) ? OptionalLong.of(LEAST) : OptionalLong.empty();
        }
        return prices.atMost(target, input, outputTokens, serviceTier);
    }

    /** What one target will probably charge: it reads what there is, and its answer is hardly as long as it may be. */
    OptionalLong probablyAt(Candidate target, TokenRatios ratios, Prices prices) {
        if (operation == Operation.RELAY) {
            return OptionalLong.empty();
        }
        long input = ratios.input(target, size);
        long output = Math.min(outputTokens, USUAL_OUTPUT);
        return prices.cost(target, new Usage(input, 0, 0, 0, output, 0, 0, 0, Extras.NONE), serviceTier);
    }

    /** What any of several targets may use of it at most; unpriced where one of them is. */
    Amount atAny(List<Candidate> targets, TokenRatios ratios, Prices prices) {
        long input = 0;
        long cost = 0;
        boolean priced = true;
        for (Candidate target : targets) {
            Amount each = at(target, ratios, prices);
            input = Math.max(input, each.inputTokens());
            cost = Math.max(cost, each.nanoUsd().orElse(0));
            priced &= each.nanoUsd().isPresent();
        }
        return new Amount(1, input, outputTokens, priced ? OptionalLong.of(cost) : OptionalLong.empty());
    }
}
