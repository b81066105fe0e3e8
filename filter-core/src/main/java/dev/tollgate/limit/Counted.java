package dev.tollgate.limit;

import java.util.Locale;

/** What is counted of calls. */
enum Counted {
    REQUESTS,
    /** Of input and output together. */
    TOKENS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    /** In nano-USD. */
    SPEND;

    /** How much of it an amount is; 0 for the cost of what has no known price. */
    long of(Amount amount) {
        return switch (this) {
            case REQUESTS -> amount.requests();
            case TOKENS -> amount.inputTokens() + amount.outputTokens();
            case INPUT_TOKENS -> amount.inputTokens();
            case OUTPUT_TOKENS -> amount.outputTokens();
            case SPEND -> amount.nanoUsd().orElse(0);
        };
    }

    /** Its name in names of allowances, in metrics and in headers. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** So much of it, as a message says it. */
    String text(long amount) {
        return switch (this) {
            case REQUESTS -> amount == 1 ? "1 request" : amount + " requests";
            case TOKENS -> amount == 1 ? "1 token" : amount + " tokens";
            case INPUT_TOKENS -> amount == 1 ? "1 input token" : amount + " input tokens";
            case OUTPUT_TOKENS -> amount == 1 ? "1 output token" : amount + " output tokens";
            case SPEND -> Dollars.text(amount) + " USD";
        };
    }
}
