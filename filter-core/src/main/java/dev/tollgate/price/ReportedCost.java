package dev.tollgate.price;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where the usage of an answer says what the call has cost.
 *
 * @param path the members that lead to it
 * @param unit how many nano-USD one of it is
 */
record ReportedCost(String[] path, BigDecimal unit) {
    private static final Map<String, BigDecimal> UNITS =
            Map.of("usd", BigDecimal.valueOf(1_000_000_000), "usd-ticks", new BigDecimal("0.1"));
    private static final BigDecimal HIGHEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int MOST_DIGITS = 40;

    /** A place as a price list says it: "cost.total_cost in usd". */
    static ReportedCost of(String said) {
        String[] words = said.split(" in ");
        BigDecimal unit = words.length == 2 ? UNITS.get(words[1]) : null;
        if (unit == null) {
            throw new IllegalArgumentException("not a place of a cost: " + said);
        }
        return new ReportedCost(words[0].split("\\."), unit);
    }

    /** The cost in nano-USD, rounded half up; empty where none is said, or not all of it. */
    OptionalLong in(Usage usage) {
        Map<String, JsonNode> fields = usage.extras().fields();
        JsonNode ownKey = field("is_byok", fields);
        if (ownKey != null && ownKey.asBoolean(false)) {
            return OptionalLong.empty(); // the upstream provider sends a bill of its own
        }
        JsonNode node = field(path[0], fields);
        for (int i = 1; i < path.length && node != null; i++) {
            node = node.get(path[i]);
        }
        return node == null || !node.isNumber() ? OptionalLong.empty() : nano(node);
    }

    private OptionalLong nano(JsonNode number) {
        String text = number.asString("");
        if (text.length() > MOST_DIGITS) {
            return OptionalLong.empty();
        }
        BigDecimal cost = new BigDecimal(text);
        if (cost.signum() < 0 || Math.abs((long) cost.scale()) > MOST_DIGITS) {
            return OptionalLong.empty();
        }
        BigDecimal nano = cost.multiply(unit).setScale(0, RoundingMode.HALF_UP);
        return nano.compareTo(HIGHEST) > 0 ? OptionalLong.empty() : OptionalLong.of(nano.longValueExact());
    }

    private static @Nullable JsonNode field(String name, Map<String, JsonNode> fields) {
        JsonNode plain = fields.get(name);
        return plain != null ? plain : fields.get(Extras.LABEL + name);
    }
}
