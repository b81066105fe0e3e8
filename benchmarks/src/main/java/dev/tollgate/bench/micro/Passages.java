package dev.tollgate.bench.micro;

import dev.tollgate.bench.Chat;
import dev.tollgate.bench.GatewayConfig;
import dev.tollgate.bench.Kind;
import dev.tollgate.config.ConfigException;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.dialect.Passage;
import dev.tollgate.dialect.Translation;
import dev.tollgate.dialect.Translations;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import dev.tollgate.stream.Framings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** Translations between the dialects of the benchmark, with the providers of its configuration. */
final class Passages {
    private final Dialects dialects = new Dialects(InstantSource.system());
    private final Settings settings;

    Passages() throws IOException, ConfigException {
        settings = GatewayConfig.settings(80);
    }

    /** @param way "OPENAI>ANTHROPIC" for an OpenAI caller and an Anthropic provider */
    static Kind kind(String way, int bytes, boolean stream) {
        String[] ends = way.split(">", 2);
        return new Kind(Chat.valueOf(ends[0]), Chat.valueOf(ends[1]), bytes, stream);
    }

    Translation translation(Kind kind, JsonDocument body) {
        return Translations.of(passage(kind), body);
    }

    JsonDocument document(Kind kind) {
        return JsonDocument.parse(kind.body().getBytes(StandardCharsets.UTF_8));
    }

    private Passage passage(Kind kind) {
        Settings.Model model =
                Objects.requireNonNull(settings.models().get(kind.provider().model()));
        Target target = model.targets().get(0);
        Candidate candidate =
                new Candidate(Objects.requireNonNull(settings.providers().get(target.provider())), target.model());
        return new Passage(
                dialects.byId(kind.caller().dialect()),
                dialects.byId(kind.provider().dialect()),
                Way.chat(dialects.byId(kind.provider().dialect()).id(), "/chat"),
                candidate,
                model.maxOutputTokens(),
                kind.stream(),
                Framings.SSE,
                "call-1",
                List.of());
    }
}
