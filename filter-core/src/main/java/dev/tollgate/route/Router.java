package dev.tollgate.route;

import dev.tollgate.access.Caller;
import java.util.List;

/** Knows which targets may answer a model name. */
public interface Router {

    /**
     * Where a call for a model name may go.
     *
     * @throws dev.tollgate.Refusal {@link dev.tollgate.ErrorCode#CALLER_MODEL_UNKNOWN} naming near matches the caller may
     *     use, or {@link dev.tollgate.ErrorCode#POLICY_MODEL_NOT_ALLOWED}
     */
    Plan plan(String model, Caller caller);

    /**
     * The model names a caller may ask for, in the order of the configuration, each followed by its aliases. Patterns are left out; what providers are known
     * to have behind them stands in their place.
     */
    List<String> models(Caller caller);
}
