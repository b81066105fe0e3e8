package dev.tollgate.config;

import dev.tollgate.config.Scalar.NotOne;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The kinds of single values that settings have. */
final class Scalars {
    private static final String REFERENCE = "\\$\\{[^}]+\\}";

    static final Scalar<String> TEXT = Scalar.text(
            "text", schema -> schema.put("type", "string").put("minLength", 1), Scalars::plainText, text -> text);

    static final Scalar<String> NAME = matching(
            "name of letters, digits, `.`, `_` and `-`",
            "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
            "is not a name; use letters, digits, '.', '_' and '-', at most 64");

    /** A piece of a host's name. */
    static final Scalar<String> WORD = matching(
            "name of letters, digits and `-`",
            "[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?",
            "is not a name of letters, digits and '-'");

    /** A piece of a path. */
    static final Scalar<String> LABEL = matching(
            "name of letters, digits, `.`, `:` and `-`",
            "[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,62}[A-Za-z0-9])?",
            "is not a name of letters, digits, '.', ':' and '-'");

    static final Scalar<String> MODEL = Scalar.text(
            "model name, with at most one `*`",
            pattern("[^\\s*]*\\*?[^\\s*]*"),
            text -> {
                if (!ModelPattern.isValid(text) || text.chars().anyMatch(Character::isWhitespace)) {
                    throw new NotOne("is not a model name; it may hold one '*' and no spaces");
                }
                return text;
            },
            text -> text);

    static final Scalar<Boolean> BOOLEAN = new Scalar<>(
            "`true` or `false`",
            schema -> {
                schema.putArray("type").add("boolean").add("string");
                schema.put("pattern", REFERENCE);
            },
            Scalars::yesOrNo,
            JsonNodeFactory.instance::booleanNode);

    static final Scalar<Long> SIZE =
            Scalar.text("size, as `32MiB`", number(Amounts.SIZE), Scalars::bodySize, Amounts::showSize);

    static final Scalar<Instant> INSTANT = Scalar.text(
            "date (its first moment in UTC) or time, as `2027-01-01` or `2027-01-01T08:00:00Z`",
            pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T.+)?"),
            Scalars::instant,
            Instant::toString);

    static final Scalar<URI> BASE_URL =
            Scalar.text("URL", pattern("(?:https?://|echo:).+"), Scalars::url, URI::toString);

    static final Scalar<String> SHA256 =
            Scalar.text("64 hex digits", pattern("[0-9A-Fa-f]{64}"), Scalars::digest, text -> text);

    static final Scalar<String> PATH = path("/tollgate/metrics");

    static final Scalar<Long> PRICE = price("USD per million tokens", 1);

    /** Kept per million of them. */
    static final Scalar<Long> SEARCH_PRICE = price("USD per thousand searches", 1_000);

    /** What targets are told apart by. */
    static final Scalar<String> TAG = matching(
            "word of letters, digits, `.`, `_`, `:` and `-`",
            "[A-Za-z0-9][A-Za-z0-9._:-]{0,63}",
            "is not a tag; use letters, digits, '.', '_', ':' and '-', at most 64");

    static final Scalar<BigDecimal> TIMES = new Scalar<>(
            "factor, as `0.5`",
            schema -> {
                schema.putArray("type").add("number").add("string");
                schema.put("minimum", 0).put("pattern", anchored("[0-9.]+"));
            },
            Amounts::times,
            JsonNodeFactory.instance::numberNode);

    static final Scalar<String> TIER = matching(
            "name of a service tier in small letters",
            "[a-z][a-z0-9_-]{0,31}",
            "is not a name of a service tier; write it in small letters, as batch or priority");

    static final Scalar<String> PRICED = matching(
            "`provider/model`, with at most one `*` at its end",
            "[^\\s/*]+/(?:[^\\s*]+\\*?|\\*)",
            "is not of the form provider/model");

    private Scalars() {}

    private static Scalar<Long> price(String phrase, long scale) {
        return new Scalar<>(
                phrase,
                schema -> {
                    schema.putArray("type").add("number").add("string");
                    schema.put("minimum", 0).put("pattern", anchored("[0-9.]+"));
                },
                text -> Math.multiplyExact(Amounts.price(text), scale),
                nano -> JsonNodeFactory.instance.numberNode(Amounts.showPrice(nano / scale)));
    }

    /** A path without a query, as in an example. */
    static Scalar<String> path(String example) {
        return matching(
                "path, as `" + example + "`",
                "(?:/[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*)+",
                "is not a path; write it as " + example);
    }

    /** A whole number between two bounds, both included. */
    static Scalar<Long> count(long least, long most) {
        return new Scalar<>(
                "whole number, as `50` or `200k`",
                number(Amounts.COUNT)
                        .andThen(schema -> schema.put("minimum", least).put("maximum", most)),
                text -> within(Amounts.count(text), least, most, least + " and " + most),
                JsonNodeFactory.instance::numberNode);
    }

    /** So many of a hundred, between two bounds, both included. */
    static Scalar<Integer> percent(int least, int most) {
        return new Scalar<>(
                "percentage, as `50`",
                schema -> {
                    schema.putArray("type").add("integer").add("string");
                    schema.put("pattern", anchored("[0-9]{1,3}%?"));
                    schema.put("minimum", least).put("maximum", most);
                },
                text -> within(Amounts.percent(text), least, most, least + " and " + most),
                JsonNodeFactory.instance::numberNode);
    }

    /** A duration between two bounds, both included. */
    static Scalar<Duration> duration(Duration least, Duration most) {
        return Scalar.text(
                "duration, as `3s` or `500ms`",
                pattern(Amounts.DURATION),
                text -> within(Amounts.duration(text), least, most, Amounts.show(least) + " and " + Amounts.show(most)),
                Amounts::show);
    }

    /** One of the values of an enum, in lower case. */
    static <E extends Enum<E>> Scalar<E> choice(Class<E> type) {
        List<String> words =
                Arrays.stream(type.getEnumConstants()).map(Scalars::word).toList();
        String phrase = words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(" or "));
        return Scalar.text(phrase, anyOf(words), text -> choose(type, words, text), Scalars::word);
    }

    /** A text that matches a regular expression. */
    static Scalar<String> matching(String phrase, String regex, String otherwise) {
        Pattern pattern = Pattern.compile(regex);
        return Scalar.text(
                phrase,
                pattern(regex),
                text -> {
                    if (!pattern.matcher(text).matches()) {
                        throw new NotOne(otherwise);
                    }
                    return text;
                },
                text -> text);
    }

    private static <E extends Enum<E>> E choose(Class<E> type, List<String> words, String text) throws NotOne {
        Optional<E> chosen = Arrays.stream(type.getEnumConstants())
                .filter(value -> word(value).equals(text))
                .findFirst();
        return chosen.orElseThrow(
                () -> new NotOne("is not one of " + String.join(", ", words) + Suggestion.ending(text, words)));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <C extends Comparable<C>> C within(C value, C least, C most, String bounds) throws NotOne {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new NotOne("is not between " + bounds);
        }
        return value;
    }

    private static String plainText(String text) throws NotOne {
        if (text.length() > 200 || text.chars().anyMatch(Character::isISOControl)) {
            throw new NotOne("is not one line of at most 200 characters");
        }
        return text;
    }

    private static String digest(String text) throws NotOne {
        if (!text.matches("[0-9A-Fa-f]{64}")) {
            throw NotOne.unquoted("not a digest of 64 hex digits; write what 'printf %s \"$KEY\" | sha256sum' prints");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static Boolean yesOrNo(String text) throws NotOne {
        return switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new NotOne("is neither true nor false");
        };
    }

    private static Long bodySize(String text) throws NotOne {
        return within(Amounts.size(text), 1L << 10, 1L << 30, "1KiB and 1GiB");
    }

    private static Instant instant(String text) throws NotOne {
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new NotOne("is not a date; write it as 2027-01-01 or 2027-01-01T08:00:00Z");
        }
    }

    private static URI url(String text) throws NotOne {
        try {
            return BaseUrl.checked(new URI(text));
        } catch (URISyntaxException e) {
            throw new NotOne("is not a URL");
        }
    }

    static Consumer<ObjectNode> pattern(String regex) {
        return schema -> schema.put("type", "string").put("pattern", anchored(regex));
    }

    private static Consumer<ObjectNode> number(String regex) {
        return schema -> {
            schema.putArray("type").add("integer").add("string");
            schema.put("pattern", anchored(regex));
        };
    }

    private static Consumer<ObjectNode> anyOf(List<String> words) {
        return schema -> {
            ArrayNode either = schema.putArray("anyOf");
            ArrayNode listed = either.addObject().putArray("enum");
            words.forEach(listed::add);
            either.addObject().put("type", "string").put("pattern", REFERENCE);
        };
    }

    private static String anchored(String regex) {
        return "^(?:" + regex + ")$|" + REFERENCE;
    }
}
