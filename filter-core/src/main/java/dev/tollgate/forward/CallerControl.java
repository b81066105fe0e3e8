package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Exchange;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Routing;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How one call is tried: as its model says, or less, where its caller says so and may.
 *
 * @param attempts the most attempts
 * @param fallback whether another target than the first may be asked
 * @param total how long the whole call may take
 * @param hedge whether a second target is asked when the first is slow
 */
record CallerControl(int attempts, boolean fallback, Duration total, boolean hedge) {
    private static final String ATTEMPTS = "x-tollgate-attempts";
    private static final String FALLBACK = "x-tollgate-fallback";
    private static final String TIMEOUT = "x-tollgate-timeout-ms";
    private static final String HEDGE = "x-tollgate-hedge";
    private static final String NUMBER = "[0-9]{1,9}";

    /** @throws Refusal when a caller says something that cannot be understood */
    static CallerControl of(Call call) {
        Model model = call.plan().model();
        Routing routing = model.routing();
        int attempts = Math.max(1, model.attempts());
        Duration total = model.timeouts().total();
        if (!routing.callerControl()) {
            return new CallerControl(attempts, true, total, routing.hedge());
        }
        Exchange said = call.exchange();
        return new CallerControl(
                (int) Math.min(attempts, number(said, ATTEMPTS).orElse((long) attempts)),
                isOn(said, FALLBACK),
                number(said, TIMEOUT)
                        .map(Duration::ofMillis)
                        .filter(shorter -> shorter.compareTo(total) < 0)
                        .orElse(total),
                isOn(said, HEDGE) && routing.hedge());
    }

    private static Optional<Long> number(Exchange said, String name) {
        Optional<String> value = said.header(name).map(String::strip);
        if (value.isPresent() && (!value.get().matches(NUMBER) || Long.parseLong(value.get()) < 1)) {
            throw Refusal.badField(name, "the header " + name + " must be a whole number from 1");
        }
        return value.map(Long::parseLong);
    }

    private static boolean isOn(Exchange said, String name) {
        String value = said.header(name)
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .orElse("on");
        if (!value.equals("on") && !value.equals("off")) {
            throw Refusal.badField(name, "the header " + name + " must be 'on' or 'off'");
        }
        return value.equals("on");
    }
}
