package dev.tollgate.ledger;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** Amounts of rows added up. A sum that a {@code long} cannot hold stays at what it can. */
@SuppressWarnings("EnumOrdinal") // an array: every row is added up in ten of these
public final class Sums {
    private static final Amount[] AMOUNTS = Amount.values();
    private static final Map<String, Amount> COLUMNS = columns();
    private static final int NANO_DIGITS = 9;

    private final long[] sums = new long[AMOUNTS.length];

    private static Map<String, Amount> columns() {
        Map<String, Amount> columns = new HashMap<>();
        for (Amount amount : AMOUNTS) {
            columns.put(amount.column(), amount);
        }
        return columns;
    }

    /** Whether a row has anything to add up: that of a started attempt has not. */
    public static boolean counts(Entry row) {
        return !(row instanceof Entry.Started);
    }

    public void add(Entry row) {
        for (Amount amount : AMOUNTS) {
            add(amount, amount.of(row));
        }
    }

    public void add(Sums others) {
        for (Amount amount : AMOUNTS) {
            add(amount, others.of(amount));
        }
    }

    private void add(Amount amount, long more) {
        long before = sums[amount.ordinal()];
        long after = before + more;
        boolean overflows = ((before ^ after) & (more ^ after)) < 0;
        sums[amount.ordinal()] = overflows ? (before < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : after;
    }

    public long of(Amount amount) {
        return sums[amount.ordinal()];
    }

    /** The cost in USD, to the last digit. */
    public String costUsd() {
        return usd(of(Amount.COST_NANO_USD));
    }

    static String usd(long nanoUsd) {
        return BigDecimal.valueOf(nanoUsd, NANO_DIGITS).toPlainString();
    }

    /** The sums as text, as {@code calls=3 attempts=4}; what is zero is left out. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Amount amount : AMOUNTS) {
            if (of(amount) != 0) {
                text.append(text.isEmpty() ? "" : " ")
                        .append(amount.column())
                        .append('=')
                        .append(of(amount));
            }
        }
        return text.toString();
    }

    /** Reads {@link #text}. What a later version has added, or is no number, is passed over. */
    public static Sums ofText(String text) {
        Sums sums = new Sums();
        for (String piece : text.split(" ")) {
            int equals = piece.indexOf('=');
            Amount amount = equals < 0 ? null : COLUMNS.get(piece.substring(0, equals));
            if (amount != null && piece.substring(equals + 1).matches("-?[0-9]{1,18}")) {
                sums.add(amount, Long.parseLong(piece.substring(equals + 1)));
            }
        }
        return sums;
    }
}
