package dev.tollgate.explain;

import dev.tollgate.Refusal;
import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Timeouts;
import dev.tollgate.limit.Amount;
import dev.tollgate.limit.LimitStore.Verdict;
import dev.tollgate.limit.Outlook;
import dev.tollgate.limit.Prospect;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is found out about a call, as JSON. Times are in milliseconds; what is not known is null. */
public final class Telling {
    private Telling() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A list, each of its things told in the same way. */
    public static <T> ArrayNode list(Collection<T> things, Function<T, JsonNode> telling) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        things.forEach(each -> list.add(telling.apply(each)));
        return list;
    }

    public static ArrayNode texts(Collection<String> texts) {
        return list(texts, JsonNodeFactory.instance::stringNode);
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static void put(ObjectNode into, String name, OptionalLong value) {
        if (value.isPresent()) {
            into.put(name, value.getAsLong());
        } else {
            into.putNull(name);
        }
    }

    public static ObjectNode caller(Caller caller) {
        ObjectNode told = object();
        told.put("key", caller.key())
                .put("team", caller.team())
                .put("user", caller.user())
                .put("priority", word(caller.priority()));
        told.set("models", texts(caller.models()));
        told.set("target_tags", texts(caller.targetTags().stream().sorted().toList()));
        return told;
    }

    /** @param asked the name it was asked for by */
    public static ObjectNode model(Model model, String asked) {
        ObjectNode told = object();
        told.put("asked", asked)
                .put("configured", model.name())
                .put("alias", model.routing().aliases().contains(asked))
                .put("pick", word(model.pick()))
                .put("attempts", model.attempts())
                .put("unsupported", word(model.unsupported()));
        Timeouts timeouts = model.timeouts();
        told.putObject("timeouts_ms")
                .put("connect", timeouts.connect().toMillis())
                .put("first_byte", timeouts.firstByte().toMillis())
                .put("idle", timeouts.idle().toMillis())
                .put("total", timeouts.total().toMillis())
                .put("hold", timeouts.hold().toMillis());
        return told;
    }

    /** @param input what is probably sent, in tokens */
    public static ObjectNode estimate(long input, Amount most) {
        ObjectNode told = object();
        told.put("input_tokens", input)
                .put("input_tokens_at_most", most.inputTokens())
                .put("output_tokens_at_most", most.outputTokens());
        price(told, most.nanoUsd());
        return told;
    }

    /** A price, or that there is none; a model without one is not free. */
    static void price(ObjectNode into, OptionalLong nanoUsd) {
        into.put("priced", nanoUsd.isPresent());
        put(into, "nano_usd_at_most", nanoUsd);
        into.put("usd_at_most", nanoUsd.isPresent() ? usd(nanoUsd.getAsLong()) : null);
    }

    private static String usd(long nanoUsd) {
        return BigDecimal.valueOf(nanoUsd, 9).toPlainString();
    }

    public static ArrayNode limits(Outlook outlook) {
        return list(outlook.prospects(), Telling::limit);
    }

    private static ObjectNode limit(Prospect limit) {
        ObjectNode told = object();
        told.put("limit", limit.limit())
                .put("unit", limit.unit().equals("spend") ? "nano-usd" : limit.unit())
                .put("refuses", limit.refuses())
                .put("capacity", limit.capacity())
                .put("needed", limit.needed())
                .put("kept_for_interactive", limit.leaving());
        put(told, "remaining", limit.remaining());
        told.put("remaining_is_known", limit.remaining().isPresent());
        boolean never = limit.waitNanos().orElse(0) == Verdict.NEVER;
        put(told, "wait_ms", never ? OptionalLong.empty() : millis(limit.waitNanos()));
        told.put("lets_through", limit.refusal().isEmpty());
        limit.refusal().ifPresent(refusal -> told.put("would_say", refusal.message()));
        return told;
    }

    static OptionalLong millis(OptionalLong nanos) {
        return nanos.isEmpty() ? nanos : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() + 999_999));
    }

    /** @param step the step of the way at which the call would end */
    public static ObjectNode refusal(String step, Refusal refusal) {
        ObjectNode told = object();
        told.put("step", step)
                .put("status", refusal.status())
                .put("code", refusal.code().id())
                .put("message", refusal.message())
                .put("field", refusal.param().orElse(null));
        put(
                told,
                "retry_after_ms",
                refusal.retryAfter()
                        .map(Duration::toMillis)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()));
        return told;
    }

    static List<String> words(Collection<? extends Enum<?>> values) {
        return values.stream()
                .map(each -> word(each).replace('_', '-'))
                .sorted()
                .toList();
    }
}
