package dev.tollgate.nemesis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The ledgers of all nodes, as the command that reads ledgers tells them, held against the provider's invoice. */
final class Books {
    private final List<Row> rows;
    private final List<Invoice.Line> lines;

    /** A row about an attempt. */
    private record Row(String subject, String target, Tokens tokens, boolean estimated, long nanoUsd) {
        String charged() {
            return subject + " " + target + " " + tokens + " " + nanoUsd;
        }

        String party() {
            return subject + " " + target;
        }

        boolean isFree() {
            return nanoUsd == 0 && tokens.isNone();
        }
    }

    private record Tokens(long input, long cached, long output) {
        boolean isNone() {
            return input == 0 && cached == 0 && output == 0;
        }

        @Override
        public String toString() {
            return input + "+" + cached + "+" + output;
        }
    }

    private Books(List<Row> rows, List<Invoice.Line> lines) {
        this.rows = rows;
        this.lines = lines;
    }

    /** @param subjects whose rows and lines are looked at */
    static Books read(List<Path> ledgers, List<Invoice.Line> lines, Set<String> subjects) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("tollgate.stage.gateway"),
                "dev.tollgate.ledger.LedgerCommand",
                "--rows",
                "attempts",
                "--format",
                "csv"));
        ledgers.forEach(ledger -> command.addAll(List.of("--directory", ledger.toString())));
        String[] table = Shell.run(command.toArray(new String[0])).split("\r?\n");
        List<String> columns = List.of(table[0].split(","));
        List<Row> rows = Arrays.stream(table)
                .skip(1)
                .map(line -> row(columns, line.split(",", -1)))
                .filter(row -> subjects.contains(row.subject))
                .toList();
        return new Books(
                rows,
                lines.stream().filter(line -> subjects.contains(line.subject())).toList());
    }

    private static Row row(List<String> columns, String[] values) {
        String cost = values[columns.indexOf("cost_nano_usd")];
        return new Row(
                values[columns.indexOf("key")],
                values[columns.indexOf("target")],
                new Tokens(
                        number(columns, values, "input_tokens"),
                        number(columns, values, "cache_read_tokens"),
                        number(columns, values, "output_tokens")),
                values[columns.indexOf("estimated")].equals("true"),
                cost.isEmpty() ? 0 : Long.parseLong(cost));
    }

    private static long number(List<String> columns, String[] values, String column) {
        return Long.parseLong(values[columns.indexOf(column)]);
    }

    private static String charged(Invoice.Line line) {
        Tokens tokens = new Tokens(line.input() - line.cached(), line.cached(), line.output());
        return line.subject() + " " + line.provider() + "/fake " + tokens + " " + line.nanoUsd();
    }

    private static String party(Invoice.Line line) {
        return line.subject() + " " + line.provider() + "/fake";
    }

    /** Every row that is not estimated has its line, every line its row, and both come to the same. */
    void check(Audit audit) {
        Map<String, Long> unmatched =
                new HashMap<>(lines.stream().collect(Collectors.groupingBy(Books::charged, Collectors.counting())));
        List<Row> reported =
                rows.stream().filter(row -> !row.estimated && !row.isFree()).toList();
        List<Row> strangers = reported.stream()
                .filter(row -> !takeOne(unmatched, row.charged()))
                .toList();
        Map<String, Long> estimated = new HashMap<>(rows.stream()
                .filter(row -> row.estimated)
                .collect(Collectors.groupingBy(Row::party, Collectors.counting())));
        List<Invoice.Line> rest =
                lines.stream().filter(line -> takeOne(unmatched, charged(line))).toList();
        List<Invoice.Line> lost =
                rest.stream().filter(line -> !takeOne(estimated, party(line))).toList();
        long ledger = reported.stream().mapToLong(Row::nanoUsd).sum();
        long invoice = sum(lines) - sum(rest);
        audit.add(
                "ledger rows with no equal line on the invoice",
                strangers.size() + " of " + reported.size() + first(strangers),
                strangers.isEmpty() && !reported.isEmpty());
        audit.add(
                "lines of the invoice with no row", lost.size() + " of " + lines.size() + first(lost), lost.isEmpty());
        audit.add(
                "ledger and invoice where usage was reported, in nano-USD",
                ledger + " = " + invoice + ", beside " + rest.size() + " estimated rows for " + sum(rest),
                ledger == invoice);
    }

    private static String first(List<?> faults) {
        return faults.isEmpty() ? "" : ", as " + faults.get(0);
    }

    private static long sum(List<Invoice.Line> lines) {
        return lines.stream().mapToLong(Invoice.Line::nanoUsd).sum();
    }

    private static boolean takeOne(Map<String, Long> counts, String name) {
        Long count = counts.computeIfPresent(name, (key, many) -> many - 1);
        if (count != null && count < 0) {
            counts.put(name, 0L);
        }
        return count != null && count >= 0;
    }
}
