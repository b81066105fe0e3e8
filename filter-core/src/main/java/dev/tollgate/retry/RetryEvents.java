package dev.tollgate.retry;

/** Hears how calls are tried again. All words come from closed vocabularies. Methods may be called from any thread and must not wait. */
public interface RetryEvents {

    /** A call is tried once more. */
    void retried(String reason);

    /** A call is not tried once more although it might help, since there are too many that are. */
    void refused(RetryBudget.Spent whose);

    /** A call went on with other targets than it was meant for. */
    void fellBack(Fallback why);

    /** A second attempt beside the first has come to an end, or was not made. */
    void hedged(Hedge outcome);

    /** Why a call goes to targets that it was not meant for. */
    enum Fallback {
        /** None of those proper could answer. */
        GENERAL,
        /** It was too long for them. */
        CONTEXT_WINDOW,
        /** They refused it for what it says. */
        CONTENT_POLICY,
        /** A budget has no money for them. */
        BUDGET
    }

    /** What became of a hedge. */
    enum Hedge {
        /** It answered first. */
        WON,
        /** The first attempt did. */
        LOST,
        /** It failed. */
        FAILED,
        /** It was not made: too many calls are hedged already, or there was no room. */
        REFUSED
    }

    /** Nobody listens. */
    static RetryEvents none() {
        return new RetryEvents() {
            @Override
            public void retried(String reason) {}

            @Override
            public void refused(RetryBudget.Spent whose) {}

            @Override
            public void fellBack(Fallback why) {}

            @Override
            public void hedged(Hedge outcome) {}
        };
    }
}
