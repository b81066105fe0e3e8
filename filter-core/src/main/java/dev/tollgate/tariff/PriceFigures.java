package dev.tollgate.tariff;

import java.math.BigDecimal;
import java.math.RoundingMode;
import tools.jackson.databind.JsonNode;

/** Figures of a price file, in nano-USD per million. */
final class PriceFigures {
    /** A price is said of a million, of a thousand or of one. */
    static final BigDecimal PER_MILLION = BigDecimal.valueOf(1_000_000_000);

    static final BigDecimal PER_THOUSAND = PER_MILLION.movePointRight(3);
    static final BigDecimal PER_ONE = PER_MILLION.movePointRight(6);

    private static final BigDecimal HIGHEST = BigDecimal.valueOf(1_000_000).multiply(PER_MILLION);
    private static final int MOST_DIGITS = 60;

    private PriceFigures() {}

    /**
     * A rate; finer ones than we keep are rounded, since such lists hold what binary fractions have left of prices.
     *
     * @param unit what one USD is
     * @param place where the figure stands
     */
    static long rate(JsonNode figure, BigDecimal unit, String place) throws PriceFileProblem {
        BigDecimal usd = number(figure, place);
        BigDecimal rate = usd.multiply(unit);
        if (usd.signum() < 0 || rate.compareTo(HIGHEST) > 0) {
            throw new PriceFileProblem(place + ": " + figure + " is not a price");
        }
        return rate.setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    private static BigDecimal number(JsonNode figure, String place) throws PriceFileProblem {
        String text = figure.asString("");
        if (!(figure.isNumber() || figure.isString()) || text.length() > MOST_DIGITS) {
            throw new PriceFileProblem(place + ": a price is a number, and this is not: " + shortened(figure));
        }
        try {
            BigDecimal number = new BigDecimal(text);
            if (Math.abs((long) number.scale()) > MOST_DIGITS) {
                throw new PriceFileProblem(place + ": " + text + " is not a price");
            }
            return number;
        } catch (NumberFormatException e) {
            throw new PriceFileProblem(place + ": a price is a number, and this is not: " + shortened(figure), e);
        }
    }

    private static String shortened(JsonNode node) {
        String text = node.toString();
        return text.length() <= MOST_DIGITS ? text : text.substring(0, MOST_DIGITS) + "…";
    }
}
