package dev.tollgate.explain;

import static dev.tollgate.explain.Telling.millis;
import static dev.tollgate.explain.Telling.object;
import static dev.tollgate.explain.Telling.put;
import static dev.tollgate.explain.Telling.texts;
import static dev.tollgate.explain.Telling.word;
import static dev.tollgate.explain.Telling.words;

import dev.tollgate.Header;
import dev.tollgate.config.Settings.Traits;
import dev.tollgate.forward.Rehearsal;
import dev.tollgate.forward.Rehearsal.Script;
import dev.tollgate.forward.UpstreamBody;
import dev.tollgate.forward.UpstreamRequest;
import dev.tollgate.health.Standing;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Credential;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Ranking.Exclusion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is found out about targets, as JSON. */
public final class TargetTelling {
    private TargetTelling() {}

    /** What the choice depends on. */
    public static ObjectNode needs(Asked asked) {
        ObjectNode told = object();
        told.set("abilities", texts(words(asked.needs())));
        told.set("tags", texts(asked.tags().stream().sorted().toList()));
        told.put("sticky", !asked.stickyTo().isEmpty());
        return told;
    }

    /** How the call would be tried. */
    public static ObjectNode tries(Rehearsal rehearsal) {
        return object().put("attempts", rehearsal.attempts())
                .put("fallback", rehearsal.mayFallBack())
                .put("total_ms", rehearsal.total().toMillis())
                .put("hedge", rehearsal.hedges());
    }

    public static ObjectNode target(Candidate candidate, Standing standing) {
        Traits traits = candidate.traits();
        ObjectNode told = object();
        told.put("target", candidate.label())
                .put("provider", candidate.provider().name())
                .put("model", candidate.model())
                .put("tier", traits.tier())
                .put("weight", candidate.weight())
                .put("fallback", candidate.fallback());
        told.set("tags", texts(traits.tags().stream().sorted().toList()));
        told.set("lacks", texts(words(traits.lacks())));
        put(told, "context_window", traits.contextWindow());
        told.set("standing", standing(standing));
        return told;
    }

    private static ObjectNode standing(Standing standing) {
        ObjectNode told = object();
        told.put("condition", word(standing.condition()));
        put(
                told,
                "left_ms",
                standing.left().map(Duration::toMillis).map(OptionalLong::of).orElse(OptionalLong.empty()));
        told.put("share", standing.share()).put("in_flight", standing.inFlight());
        put(told, "first_token_ms", millis(standing.firstTokenNanos()));
        put(told, "slow_first_token_ms", millis(standing.slowFirstTokenNanos()));
        return told;
    }

    public static ObjectNode excluded(Exclusion exclusion) {
        ObjectNode told = object();
        told.put("target", exclusion.candidate().label())
                .put("reason", word(exclusion.reason()))
                .put("detail", exclusion.detail());
        put(
                told,
                "left_ms",
                exclusion.left().map(Duration::toMillis).map(OptionalLong::of).orElse(OptionalLong.empty()));
        return told;
    }

    /** What a target would be sent. */
    public static ObjectNode request(Script script) {
        UpstreamRequest request = script.request();
        ObjectNode told = object();
        told.put("method", request.method())
                .put("url", request.uri().toString())
                .put("dialect", script.way().dialect());
        ObjectNode headers = told.putObject("headers");
        for (Header header : request.headers()) {
            headers.put(header.name().toLowerCase(Locale.ROOT), header.value());
        }
        authorization(request.provider().credential(), headers);
        told.set("body", body(request.body()));
        return told;
    }

    /** What is not computed before a request is sent is named. */
    private static void authorization(Credential credential, ObjectNode headers) {
        if (credential instanceof Credential.Aws aws) {
            headers.put(
                    "authorization", "*** (AWS Signature Version 4 for " + aws.service() + " in " + aws.region() + ")");
        } else if (credential instanceof Credential.Google) {
            headers.put("authorization", "*** (a token of Google's)");
        } else if (credential instanceof Credential.Entra) {
            headers.put("authorization", "*** (a token of Microsoft Entra ID's)");
        }
    }

    private static JsonNode body(UpstreamBody body) {
        if (!(body instanceof UpstreamBody.Whole whole)) {
            return JsonNodeFactory.instance.nullNode();
        }
        try {
            return Json.read(whole.bytes());
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.stringNode(new String(whole.bytes(), StandardCharsets.UTF_8));
        }
    }
}
