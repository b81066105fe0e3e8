package dev.tollgate.tariff;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/** A rule of genai-prices that says which names of models are meant. Letters' case counts in regular expressions alone. */
interface NameRule {
    boolean fits(String model);

    /** @param place where the rule stands */
    static NameRule of(JsonNode rule, String place) throws PriceFileProblem {
        Map.Entry<String, JsonNode> said = rule.properties().stream()
                .findFirst()
                .orElseThrow(() -> new PriceFileProblem(place + ".match: a rule is an object, as {\"equals\": \"…\"}"));
        String text = said.getValue().asString("").toLowerCase(Locale.ROOT);
        return switch (said.getKey()) {
            case "equals" -> model -> lower(model).equals(text);
            case "starts_with" -> model -> lower(model).startsWith(text);
            case "ends_with" -> model -> lower(model).endsWith(text);
            case "contains" -> model -> lower(model).contains(text);
            case "regex" -> regex(said.getValue().asString(""), place);
            case "or" -> {
                List<NameRule> any = all(said.getValue(), place);
                yield model -> any.stream().anyMatch(each -> each.fits(model));
            }
            case "and" -> {
                List<NameRule> all = all(said.getValue(), place);
                yield model -> all.stream().allMatch(each -> each.fits(model));
            }
            default -> throw new PriceFileProblem(place + ".match: there is no rule '" + said.getKey() + "'");
        };
    }

    private static String lower(String model) {
        return model.toLowerCase(Locale.ROOT);
    }

    private static List<NameRule> all(JsonNode rules, String place) throws PriceFileProblem {
        List<NameRule> read = new ArrayList<>();
        for (JsonNode rule : rules) {
            read.add(of(rule, place));
        }
        return read;
    }

    private static NameRule regex(String regex, String place) throws PriceFileProblem {
        try {
            Pattern pattern = Pattern.compile(regex);
            return model -> pattern.matcher(model).find();
        } catch (PatternSyntaxException e) {
            throw new PriceFileProblem(place + ".match: '" + regex + "' is not a regular expression", e);
        }
    }
}
