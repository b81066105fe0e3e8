package dev.tollgate.usage;

import dev.tollgate.ledger.Dimension;
import java.util.Optional;

/**
 * The name of a total that is shared, as {@code hour|2026-11-24T13|team|search}.
 *
 * @param period the period's name
 * @param name the name of what has used it; it may hold any character
 */
record TotalName(Per per, String period, Dimension kind, String name) {

    static String of(Per per, String period, Dimension kind, String name) {
        return per.word() + '|' + period + '|' + kind.column() + '|' + name;
    }

    /** Takes a name and its node apart; empty for one that this version does not know. */
    static Optional<TotalName> ofShared(String nameAndNode) {
        int node = nameAndNode.lastIndexOf('|');
        String[] pieces =
                node < 0 ? new String[0] : nameAndNode.substring(0, node).split("\\|", 4);
        if (pieces.length < 4) {
            return Optional.empty();
        }
        return Per.named(pieces[0])
                .flatMap(per -> Dimension.named(pieces[2]).map(kind -> new TotalName(per, pieces[1], kind, pieces[3])));
    }
}
