package dev.tollgate.credential;

import dev.tollgate.Header;
import dev.tollgate.Secret;
import dev.tollgate.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What OAuth 2.0 token services (RFC 6749) and their like are asked, and answer. */
final class TokenAnswers {
    private static final long LONGEST_SECONDS = 24 * 3600;

    private TokenAnswers() {}

    static Fetcher.Request form(URI uri, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        List<Header> headers = List.of(
                new Header("Content-Type", "application/x-www-form-urlencoded"),
                new Header("Accept", "application/json"));
        return new Fetcher.Request("POST", uri, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * The answer to a request.
     *
     * @param who names the service in messages
     */
    static CompletionStage<byte[]> good(Fetcher fetcher, Fetcher.Request request, String who) {
        return fetcher.fetch(request).handle((answer, failure) -> {
            if (failure != null) {
                throw failed(who + " cannot be reached");
            }
            if (answer.status() != 200) {
                throw failed(who + " answered with status " + answer.status() + errorCode(answer.body()));
            }
            return answer.body();
        });
    }

    /** A token with its end. */
    static Lease<Secret> token(byte[] body, InstantSource clock, String who) {
        JsonNode answer = json(body, who);
        String token = answer.path("access_token").asString("");
        long seconds = answer.path("expires_in").asLong(0);
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw failed(who + " answered without a token");
        }
        Instant expires = clock.instant().plusSeconds(Math.max(0, Math.min(seconds, LONGEST_SECONDS)));
        return new Lease<>(new Secret(token), expires);
    }

    static JsonNode json(byte[] body, String who) {
        try {
            return Json.read(body);
        } catch (JacksonException e) {
            throw failed(who + " did not answer with JSON");
        }
    }

    /** Only the code of an error is told ("invalid_grant"): descriptions may repeat what was sent. */
    private static String errorCode(byte[] body) {
        try {
            String code = Json.read(body).path("error").asString("");
            return code.matches("[a-z_]{1,40}") ? " (" + code + ")" : "";
        } catch (JacksonException e) {
            return "";
        }
    }

    static CompletionException failed(String message) {
        return new CompletionException(new CredentialException(message));
    }
}
