package dev.tollgate.provider;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Places for settings in URLs, as <code>{region}</code>. The place of the model is filled call by call. */
final class Places {
    /** Where the model's name goes. */
    static final String MODEL = "model";

    private static final Pattern PLACE = Pattern.compile("\\{([a-z-]+)}");

    private Places() {}

    /** The names of the settings a template has places for. */
    static Set<String> in(String template) {
        Set<String> names = new LinkedHashSet<>();
        Matcher place = PLACE.matcher(template);
        while (place.find()) {
            if (!place.group(1).equals(MODEL)) {
                names.add(place.group(1));
            }
        }
        return names;
    }

    static boolean areFilled(String template, Map<String, String> values) {
        return values.keySet().containsAll(in(template));
    }

    /** The template with values in their places; a place without a value stays. */
    static String fill(String template, Map<String, String> values) {
        return PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group())));
    }
}
