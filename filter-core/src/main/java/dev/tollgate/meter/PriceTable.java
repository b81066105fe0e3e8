package dev.tollgate.meter;

import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.route.Candidate;
import java.util.OptionalLong;

public final class PriceTable implements Prices {
    public PriceTable(Settings settings) {}

    @Override
    public OptionalLong cost(Candidate target, Usage usage) {
        return OptionalLong.empty();
    }
}
