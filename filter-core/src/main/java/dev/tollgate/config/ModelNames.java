package dev.tollgate.config;

import dev.tollgate.config.Settings.Model;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configured models, by the names callers ask for. A name that is written out, an alias among them, goes before patterns; of several patterns
 * that match, the one with the most characters given decides, and among equals the one that stands first in the
 * configuration.
 */
public final class ModelNames {
    private final Map<String, Model> writtenOut = new HashMap<>();
    private final List<Wild> wild = new ArrayList<>();

    public ModelNames(Collection<Model> models) {
        for (Model model : models) {
            ModelPattern pattern = new ModelPattern(model.name());
            if (pattern.isWild()) {
                wild.add(new Wild(pattern, model));
            } else {
                writtenOut.putIfAbsent(model.name(), model);
            }
        }
        models.forEach(model -> model.routing().aliases().forEach(alias -> writtenOut.putIfAbsent(alias, model)));
        wild.sort(Comparator.comparingInt((Wild each) -> each.pattern.given()).reversed());
    }

    /** The configured model that serves a name. */
    public Optional<Match> find(String name) {
        Model model = writtenOut.get(name);
        if (model != null) {
            return Optional.of(new Match(model, ""));
        }
        for (Wild each : wild) {
            Optional<String> capture = each.pattern.matches(name);
            if (capture.isPresent()) {
                return Optional.of(new Match(each.model, capture.get()));
            }
        }
        return Optional.empty();
    }

    /**
     * A configured model that serves a name.
     *
     * @param capture what the {@code *} of the model's name stands for; the caller's own text, so not to be trusted
     */
    public record Match(Model model, String capture) {}

    private record Wild(ModelPattern pattern, Model model) {}
}
