package dev.tollgate;

import dev.tollgate.config.Settings;
import dev.tollgate.ledger.Amount;
import dev.tollgate.ledger.Dimension;
import dev.tollgate.ledger.Table;
import dev.tollgate.ledger.Table.Format;
import dev.tollgate.ledger.Times;
import dev.tollgate.usage.Per;
import dev.tollgate.usage.RollUps;
import dev.tollgate.usage.RollUps.Used;
import dev.tollgate.usage.UsageQuestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The page of what keys, teams, users, models and providers have used on all nodes. */
final class UsagePage {
    private final RollUps usage;
    private final InstantSource clock;

    UsagePage(RollUps usage, InstantSource clock) {
        this.usage = usage;
        this.clock = clock;
    }

    /**
     * Answers {@code ?by=team&per=day&from=…&to=…&format=json|csv}.
     *
     * @throws Refusal when the caller may not see it, or asks for what there is not
     */
    CompletionStage<Void> answer(Exchange exchange, Setup setup) {
        refuseOthers(exchange, setup);
        RequestTarget target = exchange.target();
        UsageQuestion question = question(target);
        Format format = format(target);
        if (!usage.isComplete()) {
            throw new Refusal(ErrorCode.GATEWAY_OVERLOADED, "what was used before is still being read from the ledger")
                    .retryAfter(Duration.ofSeconds(5));
        }
        return usage.find(question)
                .handle((found, failure) -> {
                    if (failure != null) {
                        throw new Refusal(
                                ErrorCode.GATEWAY_LIMITER_UNAVAILABLE,
                                "the other nodes did not tell what they have used");
                    }
                    return found;
                })
                .thenCompose(
                        found -> Answers.send(exchange, 200, format.contentType(), table(question, format, found)));
    }

    private static void refuseOthers(Exchange exchange, Setup setup) {
        String key = setup.authenticator().identify(exchange).key();
        Settings.UsagePage page = setup.settings().server().usage();
        if (page == null || key == null || !page.keys().contains(key)) {
            throw new Refusal(ErrorCode.POLICY_NOT_ALLOWED, "this key may not see what others have used");
        }
    }

    private UsageQuestion question(RequestTarget target) {
        Dimension by = Dimension.named(value(target, "by").orElse("team"))
                .filter(UsageQuestion::isAnswered)
                .orElseThrow(() -> wrong("'by' takes key, team, user, model or provider"));
        Per per = Per.named(value(target, "per").orElse("day")).orElseThrow(() -> wrong("'per' takes day or hour"));
        Instant to = time(target, "to").orElseGet(() -> clock.instant().plusMillis(1));
        Duration usual = per == Per.DAY ? Duration.ofDays(30) : Duration.ofHours(24);
        Instant from = time(target, "from").orElseGet(() -> to.minus(usual));
        if (!from.isBefore(to)) {
            throw wrong("'from' is not before 'to'");
        }
        return new UsageQuestion(by, per, from, to);
    }

    private static Format format(RequestTarget target) {
        String word = value(target, "format").orElse("json");
        return Arrays.stream(Format.values())
                .filter(format -> format.word().equals(word))
                .findFirst()
                .orElseThrow(() -> wrong("'format' takes json, csv or text"));
    }

    private static Optional<Instant> time(RequestTarget target, String name) {
        try {
            return value(target, name).map(text -> Times.parse(text, ZoneOffset.UTC));
        } catch (DateTimeException e) {
            throw wrong("'" + name + "' takes a date or a time, as 2026-11-24 or 2026-11-24T08:00:00Z");
        }
    }

    private static Optional<String> value(RequestTarget target, String name) {
        try {
            return target.parameter(name).map(raw -> URLDecoder.decode(raw, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw wrong("'" + name + "' is not encoded as it should be");
        }
    }

    private static Refusal wrong(String message) {
        return new Refusal(ErrorCode.CALLER_BAD_REQUEST, message);
    }

    private static byte[] table(UsageQuestion question, Format format, List<Used> found) {
        List<String> columns = new ArrayList<>();
        columns.add(question.per().word());
        columns.add(question.by().column());
        Arrays.stream(Amount.values()).map(Amount::column).forEach(columns::add);
        columns.add("cost_usd");
        StringBuilder text = new StringBuilder();
        try {
            Table table = new Table(format, columns, text);
            for (Used used : found) {
                table.row(cells(used));
            }
            table.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<Object> cells(Used used) {
        List<Object> cells = new ArrayList<>();
        cells.add(used.period());
        cells.add(used.name());
        Arrays.stream(Amount.values()).forEach(amount -> cells.add(used.sums().of(amount)));
        cells.add(used.sums().costUsd());
        return cells;
    }
}
