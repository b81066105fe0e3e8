package dev.tollgate.meter;

import dev.tollgate.chat.Usage;
import dev.tollgate.route.Candidate;
import java.util.OptionalLong;

/** What calls cost. */
public interface Prices {

    /** The cost in nano-USD of what a target used; empty when the target has no known price. */
    OptionalLong cost(Candidate target, Usage usage);
}
