package dev.tollgate.price;

import dev.tollgate.config.Settings.Price;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one model costs.
 *
 * @param above a call with more input tokens than this pays {@code beyond}
 */
record PriceRow(Price price, long above, Price beyond) {
    private static final Set<String> KNOWN = Set.of(
            "input",
            "cached-input",
            "cache-write-5m",
            "cache-write-1h",
            "output",
            "above",
            "input-times",
            "output-times");
    private static final BigDecimal NANO_USD_PER_TOKEN = BigDecimal.valueOf(1_000);

    static PriceRow of(String model, Map<String, Object> fields) {
        if (!KNOWN.containsAll(fields.keySet())) {
            throw new IllegalArgumentException(model + ": unknown field among " + fields.keySet());
        }
        Price price = price(fields, BigDecimal.ONE, BigDecimal.ONE);
        if (!fields.containsKey("above")) {
            return new PriceRow(price, Long.MAX_VALUE, price);
        }
        Price beyond = price(fields, number(fields, "input-times"), number(fields, "output-times"));
        return new PriceRow(price, number(fields, "above").longValueExact(), beyond);
    }

    /** The price for a call with so many tokens of input, cached ones included. */
    Price at(long inputTokens) {
        return inputTokens > above ? beyond : price;
    }

    private static Price price(Map<String, Object> fields, BigDecimal inputTimes, BigDecimal outputTimes) {
        BigDecimal input = number(fields, "input");
        BigDecimal write = number(fields, "cache-write-5m", input);
        return new Price(
                nano(input.multiply(inputTimes)),
                nano(number(fields, "cached-input", input).multiply(inputTimes)),
                nano(write.multiply(inputTimes)),
                nano(number(fields, "cache-write-1h", write).multiply(inputTimes)),
                nano(number(fields, "output").multiply(outputTimes)));
    }

    private static long nano(BigDecimal usdPerMillion) {
        return usdPerMillion.multiply(NANO_USD_PER_TOKEN).longValueExact();
    }

    private static BigDecimal number(Map<String, Object> fields, String name) {
        return number(fields, name, null);
    }

    private static BigDecimal number(Map<String, Object> fields, String name, @Nullable BigDecimal otherwise) {
        Object value = fields.get(name);
        if (value != null) {
            return new BigDecimal(value.toString());
        }
        if (otherwise == null) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
        return otherwise;
    }
}
