package dev.tollgate;

import dev.tollgate.testing.Fault;
import dev.tollgate.testing.Faults;
import dev.tollgate.testing.GeneratedPart;
import dev.tollgate.testing.Talk;
import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The checked-in table of faults is the one that is tested. {@code mvn -pl filter-core test -Dtest=ReliabilityPageTest
 * -Dtollgate.regenerate=true} writes it anew.
 */
class ReliabilityPageTest {
    @Test
    void theCheckedInTableIsTheOneThatIsTested() throws IOException {
        StringBuilder table = new StringBuilder("""
                | what goes wrong | where | one target | attempts | another target | the attempt is charged |
                |---|---|---|---|---|---|
                """);
        for (Fault fault : Faults.all()) {
            table.append("| ")
                    .append(String.join(
                            " | ",
                            fault.toString(),
                            where(fault),
                            outcome(fault),
                            attempts(fault),
                            fault.leadsToAnother() ? "yes" : "no",
                            cost(fault)))
                    .append(" |\n");
        }
        new GeneratedPart("reliability.md", "table").mustBe(table.toString());
    }

    private static String where(Fault fault) {
        if (fault.isOf(true) && fault.isOf(false)) {
            return "both";
        }
        return fault.isOf(true) ? "streams" : "whole answers";
    }

    private static String outcome(Fault fault) {
        String codes = fault.codes().stream().map(code -> "`" + code.id() + "`").collect(Collectors.joining(" or "));
        return switch (fault.then()) {
            case ANSWERED -> "the answer";
            case REFUSED -> statuses(fault) + " " + codes;
            case CUT -> "an error in its stream, " + codes;
            case REFUSED_OR_CUT -> statuses(fault) + " or an error in its stream, " + codes;
        };
    }

    private static String statuses(Fault fault) {
        return fault.codes().stream()
                .flatMap(code -> fault.statuses(Talk.OPENAI, code).stream())
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining("/"));
    }

    private static String attempts(Fault fault) {
        int fewest = fault.fewestAttempts();
        int most = fault.mostAttempts();
        return fewest == most ? String.valueOf(most) : fewest + " to " + most;
    }

    private static String cost(Fault fault) {
        return switch (fault.cost()) {
            case NOTHING -> "nothing";
            case ESTIMATED -> "an estimate";
            case REPORTED -> "what was reported";
            case NOTHING_OR_ESTIMATED -> "nothing, or an estimate";
        };
    }
}
