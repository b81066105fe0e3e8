package dev.tollgate.guard;

import dev.tollgate.json.JsonDocument;

/** Content rules that a call must pass before anything is reserved or sent for it. */
public interface Guards {

    /** @throws dev.tollgate.Refusal when a rule forbids the call */
    void inspect(JsonDocument body);

    /** No rules. */
    static Guards none() {
        return body -> {};
    }
}
