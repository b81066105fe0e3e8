package dev.tollgate.limit;

import dev.tollgate.config.Settings.Mode;
import dev.tollgate.config.Settings.Per;

/** Told of what happens at limits, for whoever watches over them. */
public interface LimitEvents {

    /**
     * A budget's threshold has been passed: once per window in the whole cluster.
     *
     * @param whose whom the budget concerns, as {@code team "search"}
     * @param message the whole story in a sentence
     */
    void threshold(Per per, String whose, String message);

    /**
     * A call was refused, or in shadow mode would have been.
     *
     * @param unit requests, tokens, input-tokens, output-tokens, calls or spend
     * @param limit the limit's name in messages, which tells it from other limits
     * @param message the refusal's
     */
    void refused(Per per, String unit, Mode mode, String limit, String message);

    /** Nobody is told. */
    LimitEvents NONE = new LimitEvents() {
        @Override
        public void threshold(Per per, String whose, String message) {}

        @Override
        public void refused(Per per, String unit, Mode mode, String limit, String message) {}
    };
}
