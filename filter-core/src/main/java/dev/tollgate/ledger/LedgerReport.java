package dev.tollgate.ledger;

import dev.tollgate.ErrorCode;
import dev.tollgate.chat.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers a question about a ledger. Of all its rows only the sums of groups are held. */
final class LedgerReport {
    /** More groups than anybody looks at, and than memory should hold. */
    private static final int MOST_GROUPS = 500_000;

    private static final String COST_USD = "cost_usd";
    private static final List<String> ROW_COLUMNS = List.of(
            "at",
            "id",
            "key",
            "team",
            "user",
            "model",
            "target",
            "attempts",
            "status",
            "error",
            "input_tokens",
            "cache_read_tokens",
            "cache_write_5m_tokens",
            "cache_write_1h_tokens",
            "output_tokens",
            "reasoning_tokens",
            "audio_input_tokens",
            "audio_output_tokens",
            "image_input_tokens",
            "image_output_tokens",
            "estimated",
            "cost_nano_usd",
            COST_USD,
            "millis");

    private final LedgerQuery query;
    private final Appendable out;

    LedgerReport(LedgerQuery query, Appendable out) {
        this.query = query;
        this.out = out;
    }

    /** @param damages is told of what is no row */
    void write(Consumer<Damage> damages) throws IOException {
        try {
            if (query.rows() == null) {
                writeSums(damages);
            } else {
                writeRows(query.rows(), damages);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void writeSums(Consumer<Damage> damages) throws IOException {
        Map<String, Sums> groups = new TreeMap<>();
        read(
                row -> {
                    if (Sums.counts(row)) {
                        groups.computeIfAbsent(groupOf(row), name -> new Sums()).add(row);
                        if (groups.size() > MOST_GROUPS) {
                            throw new UncheckedIOException(new IOException(
                                    "more than " + MOST_GROUPS + " groups; ask by less, or for less time"));
                        }
                    }
                },
                damages);
        List<String> columns = new ArrayList<>();
        query.by().forEach(dimension -> columns.add(dimension.column()));
        Arrays.stream(Amount.values()).map(Amount::column).forEach(columns::add);
        columns.add(COST_USD);
        Table table = new Table(query.format(), columns, out);
        for (Map.Entry<String, Sums> group : groups.entrySet()) {
            table.row(sums(group.getKey(), group.getValue()));
        }
        table.end();
    }

    /** Names of a group, with a character between them that sorts before all others. */
    private String groupOf(Entry row) {
        StringBuilder group = new StringBuilder();
        for (Dimension dimension : query.by()) {
            group.append(dimension.of(row, query.zone()).replace('\0', ' ')).append('\0');
        }
        return group.toString();
    }

    private static List<Object> sums(String group, Sums sums) {
        List<Object> values = new ArrayList<>();
        for (int at = 0, end = group.indexOf('\0'); end >= 0; at = end + 1, end = group.indexOf('\0', at)) {
            values.add(group.substring(at, end));
        }
        Arrays.stream(Amount.values()).forEach(amount -> values.add(sums.of(amount)));
        values.add(sums.costUsd());
        return values;
    }

    private void writeRows(LedgerQuery.Kind kind, Consumer<Damage> damages) throws IOException {
        Table table = new Table(query.format(), ROW_COLUMNS, out);
        read(
                row -> {
                    if (kind.isOf(row)) {
                        write(row, table);
                    }
                },
                damages);
        table.end();
    }

    private static void write(Entry row, Table table) {
        try {
            table.row(row instanceof Entry.Called called ? call(called) : attempt((Entry.Ended) row));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<@Nullable Object> attempt(Entry.Ended row) {
        List<@Nullable Object> values = beginning(row);
        values.add(1);
        values.add(row.status());
        values.add(idOf(row.error()));
        addUsage(values, row.usage(), row.estimated(), row.costNanoUsd());
        values.add(null);
        return values;
    }

    private static List<@Nullable Object> call(Entry.Called row) {
        List<@Nullable Object> values = beginning(row);
        values.add(row.attempts());
        values.add(row.status());
        values.add(idOf(row.error()));
        addUsage(values, row.usage(), row.estimated(), row.costNanoUsd());
        values.add(row.totalNanos() / 1_000_000);
        return values;
    }

    private static List<@Nullable Object> beginning(Entry row) {
        Party party = row.party();
        List<@Nullable Object> values = new ArrayList<>(ROW_COLUMNS.size());
        values.add(row.at().toString());
        values.add(row.id());
        values.add(party.key());
        values.add(party.team());
        values.add(party.user());
        values.add(party.model());
        values.add(Dimension.targetOf(row));
        return values;
    }

    private static void addUsage(List<@Nullable Object> values, Usage usage, boolean estimated, OptionalLong cost) {
        Stream.of(
                        usage.uncachedInput(),
                        usage.cacheRead(),
                        usage.cacheWrite5m(),
                        usage.cacheWrite1h(),
                        usage.output(),
                        usage.reasoning(),
                        usage.audioInput(),
                        usage.audioOutput(),
                        usage.imageInput(),
                        usage.imageOutput())
                .forEach(values::add);
        values.add(estimated);
        values.add(cost.isPresent() ? cost.getAsLong() : null);
        values.add(cost.isPresent() ? Sums.usd(cost.getAsLong()) : null);
    }

    private static @Nullable String idOf(@Nullable ErrorCode error) {
        return error == null ? null : error.id();
    }

    private void read(Consumer<Entry> rows, Consumer<Damage> damages) throws IOException {
        new LedgerReader(query.directories()).read(query.from(), query.to(), rows, damages);
    }
}
